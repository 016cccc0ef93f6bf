import { recordTypes } from '../../../../schemas/avro-types';
import { setImmediate as turn } from 'node:timers/promises';
import { Codec } from '../../../../platform/avro/codec';
import { RegistryUnreachableError } from '../../../../platform/avro/schema-registry';
import { TASK_LIMITS } from '../../../../streams/runtime/limits';
import { ManualClock } from '../../../../platform/manual-clock';
import { RecordDecoder } from '../../../../streams/runtime/task/record-decoder';
import { probe } from '../probe-app';

const { app } = probe();

/** A registry that is away until it is told otherwise, and how often it was asked. */
function away() {
  const registry = { asked: 0, answers: false };
  const codec = new Codec(recordTypes, {
    schemaById: () => {
      registry.asked += 1;
      if (!registry.answers) return Promise.reject(new RegistryUnreachableError('by the test'));
      return Promise.resolve(undefined);
    },
  });
  return { registry, codec };
}

async function turns(): Promise<void> {
  for (let count = 0; count < 20; count += 1) await turn();
}

test('a registry that is away is asked again after a pause, for as long as it takes', async () => {
  const { registry, codec } = away();
  const clock = new ManualClock(1_000);
  const decoder = new RecordDecoder(app, codec, clock, new AbortController().signal);
  const learned = decoder.learn([7]);
  await turns();
  expect([registry.asked, decoder.registryAwaySince]).toEqual([1, 1_000]);
  clock.moveTo(1_000 + TASK_LIMITS.retryBackoffMs - 1);
  await turns();
  expect(registry.asked).toBe(1);
  clock.moveTo(1_000 + TASK_LIMITS.retryBackoffMs);
  await turns();
  expect([registry.asked, decoder.registryAwaySince]).toEqual([2, 1_000]);
  registry.answers = true;
  clock.moveTo(1_000 + 2 * TASK_LIMITS.retryBackoffMs);
  await learned;
  expect(decoder.registryAwaySince).toBeUndefined();
});

test('an app that stops does not wait for the registry', async () => {
  const { codec } = away();
  const stopping = new AbortController();
  const decoder = new RecordDecoder(app, codec, new ManualClock(0), stopping.signal);
  const learned = decoder.learn([7]);
  stopping.abort();
  await expect(learned).rejects.toMatchObject({ code: 'STALE_ASSIGNMENT' });
});

describe('a record whose schema the registry does not have', () => {
  const { schemaPatienceMs: patienceMs, retryBackoffMs } = TASK_LIMITS;
  const wellFormed = Buffer.from([0, 0, 0, 0, 9, 1]);
  const [{ name: topic } = { name: '' }] = app.inputs;
  const place = { topic, partition: 0, offset: 3, timestamp: 0, key: null, headers: {} };
  const record = { ...place, value: wellFormed };
  let schemas: Record<number, string>;
  let clock: ManualClock;
  let decoder: RecordDecoder;

  beforeEach(() => {
    schemas = {};
    clock = new ManualClock(0);
    const source = { schemaById: (id: number) => Promise.resolve(schemas[id]) };
    const codec = new Codec(recordTypes, source, { clock, patienceMs });
    decoder = new RecordDecoder(app, codec, clock, new AbortController().signal);
  });

  async function passUntil(time: number): Promise<void> {
    while (clock.now() < time) {
      clock.moveTo(clock.now() + retryBackoffMs);
      await turns();
    }
  }

  test('waits for a registry that is behind, and is taken then', async () => {
    expect(decoder.record(record)).toBeUndefined();
    const learned = decoder.learnMissing();
    await turns();
    await passUntil(2_000);
    expect(decoder.registryAwaySince).toBe(0);
    schemas[9] = recordTypes.get('FundsHeld')?.schema ?? '';
    await passUntil(4_000);
    await learned;
    // Its one byte is no body of the schema, which is known now.
    expect(decoder.record(record)).toMatchObject({ kind: 'bad', errorCode: 'MALFORMED_BODY' });
  });

  test('is a dead letter when it has not come in time', async () => {
    expect(decoder.record(record)).toBeUndefined();
    const learned = decoder.learnMissing();
    await turns();
    await passUntil(patienceMs);
    await learned;
    expect(decoder.record(record)).toMatchObject({ kind: 'bad', errorCode: 'SCHEMA_NOT_FOUND' });
    expect(decoder.registryAwaySince).toBeUndefined();
  });
});
