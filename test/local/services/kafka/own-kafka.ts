/** A Kafka of a test's own, beside that of the suite: another version, or one that asks who comes. */
import { kafkaService, type KafkaOptions } from '../../../../local/services/kafka/kafka-service';
import { startServices } from '../../../../local/services/service-start';
import { makeFolders, stackFolders } from '../../../../local/stack/stack-folders';
import { undoAll, type Underway } from '../../../../local/stack/underway';
import { temporaryFolder } from '../../temporary-folder';

export interface OwnKafka {
  readonly brokers: string;
  /** All of it is gone when it resolves. */
  readonly stop: () => Promise<void>;
}

const silent = { show: () => undefined, say: () => undefined, close: () => undefined };

export async function startOwnKafka(options: Omit<KafkaOptions, 'brokers'>): Promise<OwnKafka> {
  const root = temporaryFolder();
  const folders = stackFolders(root.path);
  makeFolders(folders);
  const underway: Underway = { undo: [root.remove], later: [] };
  const service = kafkaService({ ...options, brokers: 1 });
  const start = { folders, progress: silent, abandon: new AbortController().signal };
  try {
    const [kafka] = await startServices([{ kind: 'local', service }], start, underway);
    if (kafka === undefined) throw new Error('no Kafka was started');
    return {
      brokers: kafka.address,
      stop: async () => {
        const failures = await undoAll(underway.undo);
        if (failures.length > 0) throw new AggregateError(failures, 'Kafka did not stop cleanly');
      },
    };
  } catch (error) {
    await undoAll(underway.undo);
    throw error;
  }
}
