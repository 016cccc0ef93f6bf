/**
 * Two versions of a process run together while they are exchanged: the newer one has a field more, with a
 * default. Each reads what the other writes, through the real registry, whichever starts first.
 */
import { parseAvro, type RecordTypes } from '../../platform/avro/record-types';
import { SchemaRegistry } from '../../platform/avro/schema-registry';
import { recordType, recordTypes } from '../../schemas/avro-types';
import type { EventOf } from '../../schemas/event';

const url = process.env['SCHEMA_REGISTRY_URL'] ?? '';

const paid: EventOf<'OrderPaid'> = {
  type: 'OrderPaid',
  eventId: 'e',
  orderId: 'o',
  occurredAt: 1,
  causationId: 'c',
  correlationId: 'o',
  userId: 'u',
  paymentId: 'p',
  amount: 800,
  currency: 'JPY',
  paidAt: 1,
};

/** What this build will know in its next version. */
const nextTypes: RecordTypes = new Map(recordTypes).set('OrderPaid', nextOrderPaid());

function nextOrderPaid() {
  const now = recordType('OrderPaid');
  const schema = JSON.parse(now.schema) as { fields: object[] };
  schema.fields.push({ name: 'loyaltyPoints', type: 'long', default: 7 });
  const text = JSON.stringify(schema);
  return { ...now, schema: text, avro: parseAvro(text) };
}

const VERSIONS = { old: recordTypes, next: nextTypes };
type Version = keyof typeof VERSIONS;

test.each<[Version, Version]>([
  ['old', 'next'],
  ['next', 'old'],
])('%s starts first: both read what both write', async (first, second) => {
  const name = `rolling-${first}-${String(process.pid)}-${String(Date.now())}`;
  const started = new Map<Version, Awaited<ReturnType<SchemaRegistry['register']>>>();
  for (const version of [first, second]) {
    const registry = new SchemaRegistry(url, VERSIONS[version]);
    started.set(version, await registry.register([{ name, types: ['OrderPaid'] }]));
  }
  for (const [writer, codec] of started) {
    const more = writer === 'next' ? { loyaltyPoints: 9 } : {};
    const bytes = codec.encode(name, { ...paid, ...more });
    for (const [reader, other] of started) {
      if (other.decode(bytes).kind === 'unknown-schema') await other.learn([bytes.readUInt32BE(1)]);
      const points = { loyaltyPoints: writer === 'next' ? 9 : 7 };
      const event = { ...paid, ...(reader === 'next' ? points : {}) };
      const decoded = other.decode(bytes);
      expect(decoded).toEqual({ kind: 'event', event: expect.objectContaining(event) as unknown });
      if (decoded.kind === 'event')
        expect('loyaltyPoints' in decoded.event).toBe(reader === 'next');
    }
  }
});

test('a field without a default is refused, so the next version cannot even start', async () => {
  const name = `refused-${String(process.pid)}-${String(Date.now())}`;
  await new SchemaRegistry(url, recordTypes).register([{ name, types: ['OrderPaid'] }]);
  const now = recordType('OrderPaid');
  const schema = JSON.parse(now.schema) as { fields: object[] };
  schema.fields.push({ name: 'loyaltyPoints', type: 'long' });
  const text = JSON.stringify(schema);
  const types = new Map(recordTypes).set('OrderPaid', {
    ...now,
    schema: text,
    avro: parseAvro(text),
  });
  const registering = new SchemaRegistry(url, types).register([{ name, types: ['OrderPaid'] }]);
  await expect(registering).rejects.toThrow(/[Ii]ncompatible/);
});
