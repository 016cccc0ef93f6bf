/**
 * S1, S2: the store that a task has in the end is what its changelog gives when it is read from the
 * start, timers included, and stands at the commit that Kafka knows of.
 */
import type { AnyEvent } from '../../../schemas/event';
import { partitionName } from '../../../streams/runtime/broker';
import { compareTimers, type Store } from '../../../streams/runtime/store/store';
import type { Timer } from '../../../streams/runtime/app';
import { decodeCommitMetadata } from '../../../streams/runtime/task/commit-metadata';
import type { MemoryCluster } from '../../../streams/runtime/memory/memory-cluster';
import { streamApps } from '../app-kinds';
import type { Instance } from '../instance';
import type { CommittedLog } from './committed-log';

export interface Finished {
  readonly log: CommittedLog;
  readonly cluster: MemoryCluster;
  readonly instances: readonly Instance[];
}

type Violations = readonly string[];

export async function checkStores(finished: Finished): Promise<Violations> {
  const checks = finished.instances.flatMap((instance) => {
    const partitions = instance.health()?.tasks.map(({ partition }) => partition) ?? [];
    return partitions.map((partition) => checkStore(finished, instance, partition));
  });
  return (await Promise.all(checks)).flat();
}

async function checkStore(
  { cluster, log }: Finished,
  instance: Instance,
  partition: number,
): Promise<Violations> {
  const app = streamApps.find(({ name }) => instance.name.startsWith(`${name}-`));
  const store = instance.disk.store(partition);
  if (app === undefined) return [];
  if (store === undefined) return [`${instance.name} runs task ${partition} without a store`];
  const [anchor] = app.inputs;
  const place = { topic: anchor?.name ?? '', partition };
  const committed = cluster.committedOffsets(app.name, [place]).get(partitionName(place));
  const seq = committed === undefined ? 0 : decodeCommitMetadata(committed.metadata).seq;
  const what = `store ${partition} of ${instance.name}`;
  const found = (await store.checkpoint())?.seq;
  const at = found === seq ? [] : [`${what} is at commit ${String(found)}, Kafka at ${seq}`];
  const newest = changelog(log, app.changelog.name, partition);
  return [...at, ...(await compare(what, store, newest, log))];
}

/** The newest value of every key; null where it is deleted. */
function changelog(
  log: CommittedLog,
  topic: string,
  partition: number,
): ReadonlyMap<string, Buffer | null> {
  const newest = new Map<string, Buffer | null>();
  for (const record of log.recordsOn(topic)) {
    if (record.partition === partition) newest.set(String(record.key), record.value);
  }
  return newest;
}

async function compare(
  what: string,
  store: Store,
  newest: ReadonlyMap<string, Buffer | null>,
  log: CommittedLog,
): Promise<Violations> {
  const keys = [...newest.keys()];
  const values = await store.getMany(keys);
  const states = keys.flatMap((key, index) => {
    const expected = newest.get(key) ?? null;
    const found = values[index] ?? null;
    const same = expected === null ? found === null : found !== null && expected.equals(found);
    return same ? [] : [`${what}: ${key} is not what the changelog says`];
  });
  const timers = textOf(await store.earliestTimers(Infinity));
  const all = [...newest].flatMap(([key, value]) => timersIn(key, value, log)).sort(compareTimers);
  const expected = textOf(all);
  if (timers === expected) return states;
  return [...states, `${what}: timers ${timers}, the changelog says ${expected}`];
}

function textOf(timers: readonly Timer[]): string {
  return JSON.stringify(timers.map(({ key, name, dueAt }) => [key, name, dueAt]));
}

function timersIn(key: string, value: Buffer | null, { codec }: CommittedLog): readonly Timer[] {
  if (value === null) return [];
  const decoded = codec.decode(value);
  if (decoded.kind !== 'event') return [];
  const { timers } = decoded.event as AnyEvent & {
    readonly timers: Readonly<Record<string, number>>;
  };
  return Object.entries(timers).map(([name, dueAt]) => ({ key, name, dueAt }));
}
