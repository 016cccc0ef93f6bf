/** What a process of apps answers at its health port, as operators are shown it. Pure. */
import { Type, type Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { StreamsProcesses } from '../contract/streams-process';

export type StreamsProcess = StreamsProcesses['processes'][number];
export type AppInProcess = StreamsProcess['apps'][number];

/** Open objects: an edge that is older than the process shows what it knows of it. */
const taskHealth = Type.Object({
  partition: Type.Integer({ minimum: 0 }),
  restore: Type.Optional(
    Type.Object({
      state: Type.String(),
      records: Type.Number({ minimum: 0 }),
      offsetsLeft: Type.Number({ minimum: 0 }),
      secondsLeft: Type.Number({ minimum: 0 }),
    }),
  ),
});

const processHealth = Type.Object({
  components: Type.Record(
    Type.String(),
    Type.Object({
      status: Type.String(),
      details: Type.Object({
        state: Type.String(),
        detail: Type.Optional(Type.String()),
        tasks: Type.Array(taskHealth),
      }),
    }),
  ),
});

type TaskHealth = Static<typeof taskHealth>;

/** `health`: the body of its `/actuator/health`; `metrics`: the text of its `/metrics`, where it came. */
export function processOf(
  address: string,
  health: unknown,
  metrics: string | undefined,
): StreamsProcess {
  if (!Value.Check(processHealth, health)) return silent(address);
  const transactions = transactionsOf(metrics ?? '');
  const components = Object.entries(health.components);
  const hasFailed = components.some(([, { status }]) => status !== 'UP');
  return {
    address,
    status: hasFailed ? 'DOWN' : 'UP',
    apps: components.map(([app, { details }]) => ({
      app,
      state: details.state,
      detail: details.detail ?? null,
      tasks: details.tasks.length,
      restoring: details.tasks.flatMap(restoringOf),
      transactions: transactions.get(app) ?? null,
    })),
  };
}

export function silent(address: string): StreamsProcess {
  return { address, status: 'SILENT', apps: [] };
}

function restoringOf({ partition, restore }: TaskHealth): AppInProcess['restoring'] {
  if (restore === undefined || restore.state === 'done') return [];
  const { records, offsetsLeft, secondsLeft, state } = restore;
  const whole = records + offsetsLeft;
  // What is left is known in offsets and what is done in records: fewer, so it never says too much.
  const percent = whole === 0 ? 0 : Math.min(99, Math.floor((100 * records) / whole));
  const isReading = state === 'under way' && records > 0;
  return [{ partition, percent, secondsLeft: isReading ? Math.ceil(secondsLeft) : null }];
}

const TRANSACTIONS = /^streams_transaction_duration_seconds_count\{([^}]*)\} (\d+)$/gm;

/** By app. Labels come in any order. */
function transactionsOf(metrics: string) {
  const found = new Map<string, { committed: number; aborted: number }>();
  for (const [, labels = '', count = ''] of metrics.matchAll(TRANSACTIONS)) {
    const app = /\bapp="([^"]*)"/.exec(labels)?.[1];
    const outcome = /\boutcome="([^"]*)"/.exec(labels)?.[1];
    if (app === undefined) continue;
    const counts = found.get(app) ?? { committed: 0, aborted: 0 };
    found.set(app, counts);
    if (outcome === 'committed') counts.committed += Number(count);
    else counts.aborted += Number(count);
  }
  return found;
}
