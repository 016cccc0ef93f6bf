import { LogAddress } from '../../dashboard/log-address';
import type { Answer } from '../../dashboard/api/answer';
import type { TopicList } from '../../edge/contract/api-types';

const address = { brokers: '127.0.0.1:9092', registryUrl: 'http://127.0.0.1:8081/' };
const known: Answer<TopicList> = { kind: 'ok', value: { ...address, partitions: 6, topics: [] } };
const unreachable: Answer<TopicList> = { kind: 'unreachable', message: 'no answer' };

describe('the address of the log', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('is asked for until it is known', async () => {
    const answers = [unreachable, known];
    const topics = () => Promise.resolve(answers.shift() ?? known);
    const log = new LogAddress({ topics });
    log.start();
    await jest.runAllTimersAsync();
    expect(log.value.value).toMatchObject(address);
  });

  test('is forgotten with whoever was signed in, also when the answer comes after that', async () => {
    const log = new LogAddress({ topics: () => Promise.resolve(known) });
    log.start();
    log.stop();
    await jest.runAllTimersAsync();
    expect(log.value.value).toBeNull();
  });
});
