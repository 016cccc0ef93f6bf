import { waitUntil } from '../../../local/services/readiness';

describe('a wait', () => {
  test('asks again until the condition holds; one that throws does not hold yet', async () => {
    let asked = 0;
    const wait = await waitUntil(
      () => {
        asked += 1;
        if (asked === 1) throw new Error('refused');
        return asked === 3;
      },
      { withinMs: 5_000, everyMs: 1 },
    );
    expect(wait).toEqual({ kind: 'held' });
    expect(asked).toBe(3);
  });

  test('that times out says what the last try said', async () => {
    const wait = await waitUntil(() => Promise.reject(new Error('connection refused')), {
      withinMs: 5,
      everyMs: 1,
    });
    expect(wait).toEqual({ kind: 'timed-out', reason: 'connection refused' });
  });

  test('is abandoned at once, even while the question hangs', async () => {
    const abandon = new AbortController();
    const wait = waitUntil(() => new Promise<boolean>(() => undefined), {
      withinMs: 60_000,
      everyMs: 1,
      abandon: abandon.signal,
    });
    abandon.abort();
    expect(await wait).toEqual({ kind: 'abandoned' });
  });
});
