import { CallQueue, type Waiting } from '../../../streams/gateway/call-queue';
import type { Urgency } from '../../../streams/gateway/urgency';

interface Call extends Waiting {
  readonly name: string;
}

function call(urgency: Urgency, since: number, name = ''): Call {
  return { urgency, since, name };
}

test('kinds take turns by their shares', () => {
  const queue = new CallQueue<Call>();
  for (let since = 0; since < 10; since += 1) {
    queue.add(call('PROMPT', since, 'C'));
    queue.add(call('POLL', since, 'P'));
    queue.add(call('WATCH', since, 'W'));
  }
  const names = Array.from({ length: 10 }, () => queue.next()?.name);
  expect(names.join(' ')).toBe('C P C C P C W C P C');
});

test('within a kind the longest wait comes first; of equal ones, who came first', () => {
  const queue = new CallQueue<Call>();
  for (const [since, name] of [
    [2, 'c'],
    [1, 'a'],
    [2, 'd'],
    [1, 'b'],
  ] as const) {
    queue.add(call('POLL', since, name));
  }
  const names = Array.from({ length: 4 }, () => queue.next()?.name);
  expect(names).toEqual(['a', 'b', 'c', 'd']);
});

test('a kind that stands alone has all calls', () => {
  const queue = new CallQueue<Call>();
  for (let since = 0; since < 3; since += 1) queue.add(call('WATCH', since));
  expect([queue.next(), queue.next(), queue.next()].map((each) => each?.since)).toEqual([0, 1, 2]);
  expect(queue.next()).toBeUndefined();
  expect(queue.isEmpty).toBe(true);
});

test('who gave up is not called any more', () => {
  const queue = new CallQueue<Call>();
  const [first, second] = [call('POLL', 1), call('POLL', 2)];
  queue.add(first);
  queue.add(second);
  queue.remove(first);
  expect(queue.next()).toBe(second);
  expect(queue.isEmpty).toBe(true);
});

/**
 * Time is counted in calls: at each one is made, and who was called asks again at once, as an order
 * that is always due does.
 */
test('no order waits more than its share', () => {
  const orders = 1_000;
  const awayFor = 40;
  const queue = new CallQueue<Call>();
  const away: { readonly order: Call; readonly until: number }[] = [];
  for (let each = 0; each < orders; each += 1) queue.add(call('POLL', 0, String(each)));
  let worst = 0;
  for (let now = 1; now < 20 * orders; now += 1) {
    const called = queue.next();
    if (called === undefined) throw new Error('nobody waits');
    worst = Math.max(worst, now - called.since);
    const again = call('POLL', now, called.name);
    queue.add(again);
    // Every seventh is sent away unanswered and comes back later, with the place that it had.
    if (now % 7 === 0) {
      queue.remove(again);
      away.push({ order: again, until: now + awayFor });
    }
    while (away[0] !== undefined && away[0].until <= now) {
      const back = away.shift();
      if (back !== undefined) queue.add(back.order);
    }
  }
  expect(worst).toBeLessThanOrEqual(orders);
});
