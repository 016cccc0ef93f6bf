/** The two sides of the benchmark, behind one shape: the same work on the same broker. */
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../../local/stack/stack-folders';
import { ProcessUnderTest } from './process-under-test';

export interface Contestant {
  readonly name: string;
  readonly group: string;
  readonly output: string;
  readonly changelog: string;
  /** Undefined for a side that has none; that one makes its changelog itself, too. */
  readonly deadLetters: string | undefined;
  start(instance: string, membership: 'static' | 'dynamic'): ProcessUnderTest;
  /** Forgets what an instance has on its disk. */
  loseStore(instance: string): void;
  /** When the member was given partitions: the first such word at or after a time. */
  readonly assignedWord: string;
}

export interface Track {
  readonly brokers: string;
  readonly input: string;
  /** Where stores stand. */
  readonly folder: string;
  readonly classPath: string;
  readonly sessionTimeoutMs: number;
  /** Bytes of a state record, the same on both sides. */
  readonly stateBytes: number;
}

const script = path.join(projectFolder, 'proof', 'bench', 'recovery', 'app-process.ts');

export function ourApp(name: string, { brokers, input, folder }: Track): Contestant {
  const data = path.join(folder, 'ours');
  return {
    name: 'this runtime',
    group: name,
    output: `${name}.output`,
    changelog: `${name}.changelog.v1`,
    deadLetters: `${name}.dead-letters`,
    assignedWord: 'assigned',
    // It needs no static membership: it leaves as its former self.
    start: (instance) =>
      new ProcessUnderTest(
        process.execPath,
        ['--import', 'tsx', script, brokers, name, input, data, instance],
        projectFolder,
      ),
    loseStore: (instance) => remove(path.join(data, name, instance)),
  };
}

export function kafkaStreams(name: string, track: Track): Contestant {
  const { brokers, input, folder, classPath, sessionTimeoutMs, stateBytes } = track;
  const data = (instance: string) => path.join(folder, 'peer', instance);
  const output = `${name}.output`;
  return {
    name: 'Kafka Streams',
    group: name,
    output,
    changelog: `${name}-latest-changelog`,
    deadLetters: undefined,
    // Its state on being given partitions; with more than one thread, of the first that is.
    assignedWord: 'REBALANCING',
    start: (instance, membership) => {
      const settings = [brokers, name, input, output, data(instance), stateBytes, sessionTimeoutMs];
      const member = membership === 'static' ? [instance] : [];
      return new ProcessUnderTest(
        'java',
        ['-cp', classPath, 'RecoveryPeer', ...settings.map(String), ...member],
        projectFolder,
      );
    },
    loseStore: (instance) => remove(data(instance)),
  };
}

function remove(folder: string): void {
  if (existsSync(folder)) rmSync(folder, { recursive: true });
}
