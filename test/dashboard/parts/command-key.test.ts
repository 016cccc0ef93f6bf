import { CommandKey } from '../../../dashboard/parts/command-key';

test('another body is another command', () => {
  const key = new CommandKey();
  const first = key.of('resolve', { expectedVersion: 1, reason: 'a' });
  expect(key.of('resolve', { expectedVersion: 2, reason: 'a' })).not.toBe(first);
});
