import { accountKey, holdKey, limitChangeKey } from '../../../streams/accounts/state-key';

describe('the keys of accounts', () => {
  it('never meet, whatever a user is called', () => {
    const keys = ['u', 'u/o', 'u%2Fo', 'u/limit'].flatMap((userId) => [
      accountKey(userId),
      holdKey(userId, 'o'),
      limitChangeKey(userId, 'o'),
    ]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('are the plain words for an ordinary user', () => {
    expect([accountKey('u1'), holdKey('u1', 'order')]).toEqual(['u1', 'u1/order']);
  });
});
