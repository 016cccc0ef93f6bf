/** The views in a process of their own, to be killed: `tsx views-process.ts GROUP MEMBER_ID_FILE`. */
import { recordTypes } from '../../../schemas/avro-types';
import { Codec } from '../../../platform/avro/codec';
import { SchemaRegistry } from '../../../platform/avro/schema-registry';
import { systemClock } from '../../../platform/clock';
import { connectBroker } from '../../../streams/runtime/kafka/kafka-broker';
import { startViews } from '../../../streams/views/views';
import { fromEnvironment } from './views-fixture';

const nothing = () => undefined;

async function main(): Promise<void> {
  const [group = '', memberIdFile = ''] = process.argv.slice(2);
  const brokers = fromEnvironment('KAFKA_BROKERS').split(',');
  const views = await startViews({
    broker: await connectBroker({ brokers, clientId: group }),
    codec: new Codec(
      recordTypes,
      new SchemaRegistry(fromEnvironment('SCHEMA_REGISTRY_URL'), recordTypes),
    ),
    databaseUrl: fromEnvironment('DATABASE_URL'),
    clock: systemClock,
    logger: { info: nothing, warn: nothing, error: nothing },
    group,
    memberIdFile,
  });
  await views.ended;
}

void main();
