/** Alerts of one cause as one incident, with what explains or silences them. */
import { problemAnswers } from '../contract/error';
import { incidentList, incidentQuery } from '../contract/incident';
import { incidentPage, incidentsOf } from '../incidents';
import type { EdgeParts, EdgeScope } from '../app-parts';

export function incidentRoutes(
  app: EdgeScope,
  { readModels }: Pick<EdgeParts, 'readModels'>,
): void {
  app.get(
    '/incidents',
    {
      schema: {
        tags: ['operations'],
        summary: 'Unresolved alerts grouped by their cause; loud ones first.',
        querystring: incidentQuery,
        response: { 200: incidentList, ...problemAnswers },
      },
    },
    async (request) => {
      const [alerts, surroundings] = await Promise.all([
        readModels.unresolvedAlerts(),
        readModels.surroundings(Date.now()),
      ]);
      const { conditions, silences } = surroundings;
      return {
        ...incidentPage(incidentsOf(alerts, surroundings), request.query.before),
        conditions: [...conditions],
        silences: [...silences],
      };
    },
  );
}
