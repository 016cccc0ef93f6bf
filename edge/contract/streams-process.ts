/** What operators are told of the processes that the apps run in. */
import { Type, type Static } from '@sinclair/typebox';
import { closedObject, instant, int, long, nullable, oneOf, partition } from './fields';

const restoringTask = closedObject({
  partition,
  percent: int({ minimum: 0, maximum: 100, description: 'Of its changelog that is restored.' }),
  secondsLeft: nullable(
    long({ minimum: 0, description: 'At the rate so far; null: it waits for its turn.' }),
  ),
});

const transactions = closedObject({
  committed: long({ minimum: 0 }),
  aborted: long({
    minimum: 0,
    description:
      'Given up or of an outcome that the app could not learn; it read again from before.',
  }),
});

const appInProcess = closedObject({
  app: Type.String(),
  state: Type.String({ description: 'starting, running, paused, stopping or failed.' }),
  detail: nullable(Type.String({ description: 'Why it is not running, for people.' })),
  tasks: int({ minimum: 0, description: 'That this process has of it.' }),
  restoring: Type.Array(restoringTask),
  transactions: nullable({
    ...transactions,
    description: 'Since the process started; null: it has made none, or does not tell.',
  }),
});

export const streamsProcesses = closedObject({
  at: instant,
  processes: Type.Array(
    closedObject({
      address: Type.String({ description: 'host:port of its health server.' }),
      status: oneOf(['UP', 'DOWN', 'SILENT'], {
        description:
          'DOWN: an app in it has failed. SILENT: it does not answer as one of the apps’.',
      }),
      apps: Type.Array(appInProcess),
    }),
    { description: 'By STREAMS_HEALTH_URLS; empty where that is not set.' },
  ),
});

export type StreamsProcesses = Static<typeof streamsProcesses>;
