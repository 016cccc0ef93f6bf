/**
 * The oldest Kafka that is supported does all that the runtime asks of one: the port's whole contract,
 * and an app that is restarted. Its version stands in local/services/maven/pom.xml.
 */
import { describeBroker } from '../../../streams/runtime/broker-contract';
import { openKafkaFixture } from '../../../streams/runtime/kafka/kafka-fixture';
import { answer, request } from '../../../streams/runtime/probe-app';
import { eventually, ProbeFixture } from '../../../streams/runtime/probe-fixture';
import { startOwnKafka, type OwnKafka } from './own-kafka';

jest.setTimeout(120_000);

const { KAFKA_BROKERS: brokersOfTheSuite } = process.env;
let kafka: OwnKafka;

beforeAll(async () => {
  kafka = await startOwnKafka({ program: 'oldest-kafka' });
  process.env['KAFKA_BROKERS'] = kafka.brokers;
});
afterAll(async () => {
  process.env['KAFKA_BROKERS'] = brokersOfTheSuite;
  await kafka.stop();
});

describeBroker('The oldest Kafka', openKafkaFixture);

test('an app on the oldest Kafka answers once, over a restart', async () => {
  const fixture = await ProbeFixture.open('oldest');
  const first = await fixture.startWorker('one');
  await fixture.write(fixture.requests, request('o1'), request('o2'));
  await fixture.write(fixture.answers, answer('o1'));
  const results = async (least: number) => (await fixture.read(fixture.results)).length >= least;
  await eventually('one order has a result', () => results(1));
  await first.stop();
  await fixture.startWorker('one');
  await eventually('both have one', () => results(2));
  expect((await fixture.read(fixture.results)).map(({ orderId }) => orderId).sort()).toEqual([
    'o1',
    'o2',
  ]);
  await fixture.close();
});
