/**
 * The oldest Kafka that is supported does all that the runtime asks of one: the port's whole contract,
 * and an app that is restarted. Its version stands in local/services/maven/pom.xml.
 */
import { kafkaService } from '../../../../local/services/kafka/kafka-service';
import { describeBroker } from '../../../streams/runtime/broker-contract';
import { openKafkaFixture } from '../../../streams/runtime/kafka/kafka-fixture';
import { answer, request } from '../../../streams/runtime/probe-app';
import { eventually, ProbeFixture } from '../../../streams/runtime/probe-fixture';
import { startOwnService, type OwnService } from '../own-service';

jest.setTimeout(120_000);

const { KAFKA_BROKERS: brokersOfTheSuite } = process.env;
let kafka: OwnService;

beforeAll(async () => {
  kafka = await startOwnService(kafkaService({ brokers: 1, program: 'oldest-kafka' }));
  process.env['KAFKA_BROKERS'] = kafka.address;
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
