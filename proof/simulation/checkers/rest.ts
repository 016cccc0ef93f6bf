/** In the end every app runs, holds every partition, and has nothing left to read. */
import type { Instance } from '../instance';
import { grouped } from './committed-log';

export function checkRest(instances: readonly Instance[], partitions: number): readonly string[] {
  const apps = grouped(instances, ({ name }) => name.replace(/-\d+$/, ''));
  return [...apps].flatMap(([app, own]) => {
    const tasks = own.flatMap((instance) => instance.health()?.tasks ?? []);
    const states = own.flatMap((instance) => {
      const health = instance.health();
      if (health?.state === 'running') return [];
      return [`${instance.name} is ${health?.state ?? 'not there'} in the end`];
    });
    const unread = tasks
      .filter(({ lagRecords, state }) => lagRecords > 0 || state !== 'running')
      .map((task) => `${app}: task ${JSON.stringify(task)} in the end`);
    const units = new Set(tasks.map(({ partition }) => partition)).size;
    const held = units === partitions ? [] : [`${app}: ${units} of ${partitions} partitions held`];
    return [...states, ...unread, ...held];
  });
}
