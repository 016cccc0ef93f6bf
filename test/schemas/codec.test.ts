import { recordType, recordTypes } from '../../schemas/avro-types';
import { Codec, SCHEMA_MISSING_MS } from '../../platform/avro/codec';
import { parseAvro } from '../../platform/avro/record-types';
import { SchemaLateError } from '../../platform/avro/registry-error';
import { ManualClock } from '../../platform/manual-clock';
import type { EventOf } from '../../schemas/event';

const TOPIC = 'orders.events.v1';
const failed: EventOf<'OrderFailed'> = {
  type: 'OrderFailed',
  eventId: 'e1',
  orderId: 'o1',
  occurredAt: 1_700_000_000_123,
  causationId: 'c1',
  correlationId: 'o1',
  userId: 'u1',
  reason: 'OUT_OF_STOCK',
  detail: '在庫切れ',
};

function codecWith(schemas: Record<number, string> = {}): Codec {
  const codec = new Codec(recordTypes, { schemaById: (id) => Promise.resolve(schemas[id]) });
  codec.registered(TOPIC, 'OrderFailed', 258);
  return codec;
}

/** The schema of OrderFailed as an older or foreign writer has it. */
function variant(change: (schema: { name: string; fields: { name: string }[] }) => void): string {
  const schema = JSON.parse(recordType('OrderFailed').schema) as never;
  change(schema);
  return JSON.stringify(schema);
}

test("writes Confluent's wire format: a zero byte, the id, the body", () => {
  const bytes = codecWith().encode(TOPIC, failed);
  expect([...bytes.subarray(0, 5)]).toEqual([0, 0, 0, 1, 2]);
  const decoded = codecWith().decode(bytes);
  expect(decoded).toEqual({ kind: 'event', event: expect.objectContaining(failed) as unknown });
});

test('an event that does not fit names the field', () => {
  const broken = { ...failed, userId: 7 } as never;
  expect(() => codecWith().encode(TOPIC, broken)).toThrow('OrderFailed: userId is 7');
});

test('an event whose subject is not registered is refused', () => {
  expect(() => codecWith().encode('elsewhere', failed)).toThrow('elsewhere-orders.OrderFailed');
});

test('an event larger than the buffer grows it', () => {
  const large = { ...failed, detail: 'x'.repeat(300_000) };
  const decoded = codecWith().decode(codecWith().encode(TOPIC, large));
  expect(decoded.kind === 'event' && decoded.event).toMatchObject({ detail: large.detail });
});

test.each([
  ['NO_VALUE', null],
  ['NO_VALUE', Buffer.from([0, 0, 0])],
  ['NOT_WIRE_FORMAT', Buffer.from('{"json":true}')],
  ['MALFORMED_BODY', Buffer.from([0, 0, 0, 1, 2, 4])],
])('%s is a result, not an exception', (errorCode, bytes) => {
  expect(codecWith().decode(bytes)).toMatchObject({ kind: 'undecodable', errorCode });
});

test('bytes after the body are malformed', () => {
  const bytes = Buffer.concat([codecWith().encode(TOPIC, failed), Buffer.from([1])]);
  expect(codecWith().decode(bytes)).toMatchObject({ errorCode: 'MALFORMED_BODY' });
});

describe('a field apart from the others', () => {
  const { detail, ...others } = failed;

  test.each(['detail', 'reason'] as const)('%s: the bytes are those of the whole', (name) => {
    const { [name]: value, ...rest } = failed;
    const codec = codecWith();
    const bytes = codec.encodeApart(TOPIC, rest as never, name, value);
    expect(bytes).toEqual(codec.encode(TOPIC, failed));
    const decoded = codec.decodeApart(bytes, name);
    expect(decoded).toMatchObject({ kind: 'event', event: rest, field: value });
    expect(decoded.kind === 'event' && name in decoded.event).toBe(false);
  });

  test('is found in what another build wrote, too', async () => {
    const older = variant((schema) => schema.fields.reverse());
    const codec = codecWith({ 9: older });
    await codec.learn([9]);
    const body = parseAvro(older).toBuffer(failed);
    const bytes = Buffer.concat([Buffer.from([0, 0, 0, 0, 9]), body]);
    const decoded = codec.decodeApart(bytes, 'detail');
    expect(decoded).toMatchObject({ kind: 'event', event: others, field: detail });
  });

  test('a field that does not fit is named, and a buffer that is too small grows', () => {
    const codec = codecWith();
    expect(() => codec.encodeApart(TOPIC, others as never, 'detail', 7)).toThrow(
      'OrderFailed.detail',
    );
    const long = 'x'.repeat(300_000);
    const whole = codec.encode(TOPIC, { ...failed, detail: long });
    expect(codecWith().encodeApart(TOPIC, others as never, 'detail', long)).toEqual(whole);
  });

  test.each([
    ['MALFORMED_BODY', Buffer.concat([codecWith().encode(TOPIC, failed), Buffer.from([1])])],
    ['MALFORMED_BODY', codecWith().encode(TOPIC, failed).subarray(0, 12)],
    ['NO_VALUE', null],
  ])('%s is a result here as well', (errorCode, bytes) => {
    expect(codecWith().decodeApart(bytes, 'detail')).toMatchObject({ errorCode });
  });
});

test('the type of a record is told by its header alone', () => {
  const bytes = codecWith().encode(TOPIC, failed);
  expect(codecWith().typeOf(bytes.subarray(0, 5))).toBe('OrderFailed');
  expect(codecWith().typeOf(Buffer.from('{"json":true}'))).toBeUndefined();
  expect(codecWith().typeOf(null)).toBeUndefined();
});

describe('schemas that this build did not write', () => {
  function bytesOf(id: number): Buffer {
    const bytes = codecWith().encode(TOPIC, failed);
    bytes.writeUInt32BE(id, 1);
    return bytes;
  }

  test('are asked for by id, and then known', async () => {
    const codec = codecWith({ 9: recordType('OrderFailed').schema });
    expect(codec.decode(bytesOf(9))).toEqual({ kind: 'unknown-schema', schemaId: 9 });
    await codec.learn([9]);
    expect(codec.decode(bytesOf(9))).toMatchObject({ kind: 'event', event: { orderId: 'o1' } });
  });

  test('that the registry does not have are a dead letter, not a retry', async () => {
    const codec = codecWith();
    await codec.learn([9]);
    expect(codec.decode(bytesOf(9))).toMatchObject({ errorCode: 'SCHEMA_NOT_FOUND' });
  });

  describe('that the registry does not have yet', () => {
    const schemas: Record<number, string> = {};
    let clock: ManualClock;
    let asked: number;
    let codec: Codec;

    beforeEach(() => {
      clock = new ManualClock(0);
      asked = 0;
      delete schemas[9];
    });

    function start(patienceMs: number): void {
      const source = {
        schemaById: (id: number) => {
          asked += 1;
          return Promise.resolve(schemas[id]);
        },
      };
      codec = new Codec(recordTypes, source, { clock, patienceMs });
    }

    test('count as missing for a while, and are asked for again then', async () => {
      start(0);
      await codec.learn([9]);
      clock.moveTo(SCHEMA_MISSING_MS - 1);
      expect(codec.decode(bytesOf(9))).toMatchObject({ errorCode: 'SCHEMA_NOT_FOUND' });
      clock.moveTo(SCHEMA_MISSING_MS);
      expect(codec.decode(bytesOf(9))).toEqual({ kind: 'unknown-schema', schemaId: 9 });
      schemas[9] = recordType('OrderFailed').schema;
      await codec.learn([9]);
      expect(codec.decode(bytesOf(9))).toMatchObject({ kind: 'event' });
      expect(asked).toBe(2);
    });

    test('may come within the patience, and are asked for once a second meanwhile', async () => {
      start(5_000);
      for (let now = 0; now < 5_000; now += 200) {
        clock.moveTo(now);
        await expect(codec.learn([9])).rejects.toBeInstanceOf(SchemaLateError);
        expect(codec.decode(bytesOf(9))).toEqual({ kind: 'unknown-schema', schemaId: 9 });
      }
      expect(asked).toBe(5);
      schemas[9] = recordType('OrderFailed').schema;
      clock.moveTo(5_000);
      await codec.learn([9]);
      expect(codec.decode(bytesOf(9))).toMatchObject({ kind: 'event' });
    });

    test('are missing after the patience, which begins once', async () => {
      start(5_000);
      await expect(codec.learn([9])).rejects.toBeInstanceOf(SchemaLateError);
      clock.moveTo(5_000);
      await codec.learn([9]);
      expect(codec.decode(bytesOf(9))).toMatchObject({ errorCode: 'SCHEMA_NOT_FOUND' });
      clock.moveTo(5_000 + SCHEMA_MISSING_MS);
      await codec.learn([9]);
      expect(codec.decode(bytesOf(9))).toMatchObject({ errorCode: 'SCHEMA_NOT_FOUND' });
    });

    test('are one question when several readers meet them at once', async () => {
      start(0);
      await Promise.all([codec.learn([9]), codec.learn([9, 9]), codec.learn([9])]);
      expect(asked).toBe(1);
    });

    test('do not keep the others waiting', async () => {
      start(5_000);
      schemas[8] = recordType('OrderFailed').schema;
      await expect(codec.learn([9, 8])).rejects.toBeInstanceOf(SchemaLateError);
      expect(codec.decode(bytesOf(8))).toMatchObject({ kind: 'event' });
    });
  });

  test('of a record that is not ours are told apart', async () => {
    const codec = codecWith({ 9: variant((schema) => (schema.name = 'SomethingElse')) });
    await codec.learn([9]);
    expect(codec.decode(bytesOf(9))).toMatchObject({ errorCode: 'UNKNOWN_RECORD' });
  });

  test('that cannot be resolved to ours are told apart', async () => {
    const without = variant((schema) => {
      schema.fields = schema.fields.filter(({ name }) => name !== 'userId');
    });
    const codec = codecWith({ 9: without });
    await codec.learn([9]);
    expect(codec.decode(bytesOf(9))).toMatchObject({ errorCode: 'INCOMPATIBLE_SCHEMA' });
  });

  test('with a field more than ours are read without it', async () => {
    const more = variant((schema) => {
      schema.fields.push({ name: 'extra', type: 'int' } as never);
    });
    const codec = codecWith({ 9: more });
    await codec.learn([9]);
    const bytes = Buffer.concat([bytesOf(9), Buffer.from([2])]);
    expect(codec.decode(bytes)).toMatchObject({ kind: 'event', event: { userId: 'u1' } });
  });
});

test('every field of every record says what it is', () => {
  const undocumented = [...recordTypes.values()].flatMap(({ fullName, schema }) => {
    const { doc, fields } = JSON.parse(schema) as {
      doc?: string;
      fields: { name: string; doc?: string }[];
    };
    const silent = fields.filter((field) => (field.doc ?? '') === '').map(({ name }) => name);
    return [
      ...(doc === undefined ? [fullName] : []),
      ...silent.map((name) => `${fullName}.${name}`),
    ];
  });
  expect(undocumented).toEqual([]);
});
