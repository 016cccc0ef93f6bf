/** Alerts of one cause as one incident, with what explains or silences them. */
import { problemAnswers } from '../contract/error';
import { incidentList } from '../contract/incident';
import { incidentsOf } from '../incidents';
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
        response: { 200: incidentList, ...problemAnswers },
      },
    },
    async () => {
      const [alerts, surroundings] = await Promise.all([
        readModels.unresolvedAlerts(),
        readModels.surroundings(Date.now()),
      ]);
      const { conditions, silences } = surroundings;
      return {
        incidents: [...incidentsOf(alerts, surroundings)],
        conditions: [...conditions],
        silences: [...silences],
      };
    },
  );
}
