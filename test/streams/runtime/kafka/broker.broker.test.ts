/** The port on a real cluster. */
import { describeBroker } from '../broker-contract';
import { openKafkaFixture } from './kafka-fixture';

jest.setTimeout(20_000);

describeBroker('Kafka', openKafkaFixture);
