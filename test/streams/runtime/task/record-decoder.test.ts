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
