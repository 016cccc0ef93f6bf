import { isPatched, requirePatchedClient } from '../../../../streams/runtime/kafka/patched-client';

test('the kafkajs that is installed is patched', () => {
  expect(requirePatchedClient).not.toThrow();
});

test('a kafkajs as its registry serves it is told from a patched one', () => {
  expect(isPatched('    let scheduleAt = this.throttledUntil - Date.now()')).toBe(false);
  expect(isPatched('    // Patched: with nothing pending there is nothing to check.')).toBe(true);
});
