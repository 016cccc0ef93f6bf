import { beginLater, undoAll, type Underway } from '../../../local/stack/underway';

describe('undoing', () => {
  test('goes backwards, one step after the other', async () => {
    const done: string[] = [];
    const step = (name: string) => async (): Promise<void> => {
      done.push(`${name} begins`);
      await Promise.resolve();
      done.push(`${name} ends`);
    };
    await undoAll([step('lock'), step('kafka')]);
    expect(done).toEqual(['kafka begins', 'kafka ends', 'lock begins', 'lock ends']);
  });

  test('does every step though one fails, and tells of the failure', async () => {
    const failure = new Error('it does not end');
    let released = false;
    const failures = await undoAll([() => (released = true), () => Promise.reject(failure)]);
    expect(released).toBe(true);
    expect(failures).toEqual([failure]);
  });
});

describe('work put off', () => {
  test('is abandoned and waited for by the undoing, and what follows is not begun', async () => {
    const events: string[] = [];
    const underway: Underway = {
      undo: [() => events.push('lock released')],
      later: [
        (abandon) =>
          new Promise((resolve) => {
            events.push('begun');
            abandon.addEventListener('abort', () => {
              events.push('abandoned');
              resolve();
            });
          }),
        () => Promise.reject(new Error('never begun')),
      ],
    };
    beginLater(underway);
    expect(await undoAll(underway.undo)).toEqual([]);
    expect(events).toEqual(['begun', 'abandoned', 'lock released']);
  });
});
