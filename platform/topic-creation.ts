/**
 * Makes topics and waits until all their partitions are led. kafkajs can wait as well, but its wait
 * ends with UNKNOWN_TOPIC_OR_PARTITION when the broker that it asks is busy and has not heard of the
 * topic yet, which on a topic that was made a moment ago means "not yet". A leader that is named is
 * asked as well: a busy broker is named before it leads, and would refuse the first record.
 */
import { KafkaJSError, type Admin, type ITopicConfig } from 'kafkajs';
import { systemClock } from './clock';

const LOOK_EVERY_MS = 50;
/** An election takes milliseconds; a broker that starts on a busy machine makes a minute of it. */
const LEADERS_WITHIN_MS = 60_000;

/** One that exists already is only waited for. Rejects as kafkajs does. */
export async function createTopics(admin: Admin, topics: ITopicConfig[]): Promise<void> {
  await admin.createTopics({ waitForLeaders: false, topics });
  const names = topics.map(({ topic }) => topic);
  const giveUpAt = systemClock.now() + LEADERS_WITHIN_MS;
  while (!(await haveLeaders(admin, names))) {
    if (systemClock.now() > giveUpAt) {
      const message = `Timed out while waiting for leaders of ${names.join(', ')}`;
      throw new KafkaJSError(message, { retriable: true });
    }
    await systemClock.sleep(LOOK_EVERY_MS);
  }
}

async function haveLeaders(admin: Admin, names: string[]): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: names });
    const isNamed = topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
    if (!isNamed) return false;
    // Only who leads a partition tells its offsets.
    for (const name of names) await admin.fetchTopicOffsets(name);
    return true;
  } catch (error) {
    if (error instanceof KafkaJSError && 'type' in error && NOT_YET.has(error.type)) return false;
    throw error;
  }
}

const NOT_YET: ReadonlySet<unknown> = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
]);
