import { recordType, recordTypes } from '../../schemas/avro-types';
import { SchemaRegistry, RegistryUnreachableError } from '../../platform/avro/schema-registry';

const url = process.env['SCHEMA_REGISTRY_URL'] ?? '';
const suffix = `${String(process.pid)}-${String(Date.now())}`;
const json = { 'content-type': 'application/vnd.schemaregistry.v1+json' };

test('a second registration gives the same ids, and the codec of another process reads them', async () => {
  const topic = { name: `topic-${suffix}`, types: ['OrderPaid', 'OrderRefunded'] as const };
  const writer = await new SchemaRegistry(url, recordTypes).register([topic]);
  await new SchemaRegistry(url, recordTypes).register([topic]);
  const event = {
    type: 'OrderRefunded',
    eventId: 'e',
    orderId: 'o',
    occurredAt: 1,
    causationId: 'c',
    correlationId: 'o',
    paymentId: null,
    merchantRefundId: null,
    amount: 5,
    currency: 'JPY',
  } as const;
  const bytes = writer.encode(topic.name, event);
  const stranger = await new SchemaRegistry(url, recordTypes).register([]);
  expect(stranger.decode(bytes)).toMatchObject({ kind: 'unknown-schema' });
  await stranger.learn([bytes.readUInt32BE(1)]);
  expect(stranger.decode(bytes)).toMatchObject({ kind: 'event', event });
});

test("an incompatible change is refused with the registry's words", async () => {
  const name = `changed-${suffix}`;
  const older = JSON.parse(recordType('OrderPaid').schema) as { fields: { name: string }[] };
  older.fields = older.fields.filter((field) => field.name !== 'userId');
  const subject = `${name}-orders.OrderPaid`;
  const posted = await fetch(`${url}/subjects/${subject}/versions`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ schema: JSON.stringify(older) }),
  });
  expect(posted.status).toBe(200);
  const registration = new SchemaRegistry(url, recordTypes).register([
    { name, types: ['OrderPaid'] },
  ]);
  await expect(registration).rejects.toThrow(/orders\.OrderPaid.*[Ii]ncompatible/s);
});

test('a registry that is away is told apart from one that refuses', async () => {
  const nobody = new SchemaRegistry('http://127.0.0.1:9', recordTypes);
  await expect(nobody.register([{ name: 't', types: ['OrderPaid'] }])).rejects.toBeInstanceOf(
    RegistryUnreachableError,
  );
});
