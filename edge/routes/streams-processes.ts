/** Whether each process of the apps is up, and what it is busy with. */
import { problemAnswers } from '../contract/error';
import { streamsProcesses } from '../contract/streams-process';
import type { EdgeParts, EdgeScope } from '../app-parts';

export function streamsProcessRoutes(
  app: EdgeScope,
  { streamsProcesses: watch }: Pick<EdgeParts, 'streamsProcesses'>,
): void {
  app.get(
    '/streams-processes',
    {
      schema: {
        tags: ['operations'],
        summary: 'Each process of the apps: up or not, what it restores, its transactions.',
        response: { 200: streamsProcesses, ...problemAnswers },
      },
    },
    async () => ({ at: Date.now(), processes: [...(await watch.processes())] }),
  );
}
