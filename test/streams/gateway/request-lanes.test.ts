import { RequestLanes, type LaneRequest } from '../../../streams/gateway/request-lanes';

interface Numbered extends LaneRequest {
  readonly number: number;
}

function request(number: number, change: Partial<LaneRequest> = {}): Numbered {
  return { number, urgency: 'PROMPT', since: number, isRead: false, ...change };
}

function poll(number: number): Numbered {
  return request(number, { urgency: 'POLL', isRead: true });
}

function lanesOf(...requests: readonly (readonly [orderId: string, request: Numbered])[]) {
  const lanes = new RequestLanes<Numbered>();
  for (const [orderId, each] of requests) lanes.add(orderId, each);
  return lanes;
}

test('requests of one order are called one at a time, in the order of the log', () => {
  const lanes = lanesOf(['a', request(1)], ['a', request(2)]);
  expect(lanes.begin()).toMatchObject({ orderId: 'a', request: { number: 1 }, fate: 'call' });
  expect(lanes.begin()).toBeUndefined();
  lanes.end('a');
  expect(lanes.begin()).toMatchObject({ orderId: 'a', request: { number: 2 }, fate: 'call' });
});

test('orders take turns, however much one of them asks', () => {
  const lanes = lanesOf(
    ['a', request(1)],
    ['a', request(2)],
    ['a', request(3)],
    ['b', request(4)],
    ['c', request(5)],
  );
  const begun: (number | undefined)[] = [];
  for (let count = 0; count < 5; count += 1) {
    const next = lanes.begin();
    begun.push(next?.request.number);
    if (next !== undefined) lanes.end(next.orderId);
  }
  expect(begun).toEqual([1, 4, 5, 2, 3]);
});

test('a request that was not called after all comes again, before the others of its order', () => {
  const lanes = lanesOf(['a', request(1)], ['a', request(2)]);
  lanes.begin();
  lanes.giveBack('a');
  expect(lanes.begin()).toMatchObject({ orderId: 'a', request: { number: 1 } });
});

test('a poll is as urgent as what waits behind it in its order', () => {
  const lanes = lanesOf(['a', poll(1)], ['b', poll(2)]);
  expect(lanes.begin()).toMatchObject({ orderId: 'a', urgency: 'POLL' });
  expect(lanes.add('a', request(3))).toBe(true);
  expect(lanes.add('b', request(4, { urgency: 'WATCH' }))).toBe(false);
  lanes.giveBack('a');
  expect(lanes.begin()).toMatchObject({ orderId: 'b', urgency: 'POLL' });
  expect(lanes.begin()).toMatchObject({ orderId: 'a', request: { number: 1 }, urgency: 'PROMPT' });
});

test('a read is superseded by a later one, and by nothing else', () => {
  const lanes = lanesOf(['a', poll(1)], ['b', poll(2)], ['c', request(3)]);
  expect(lanes.add('a', poll(4))).toBe(true);
  lanes.add('b', request(5));
  lanes.add('c', poll(6));
  expect(lanes.begin()).toMatchObject({ orderId: 'a', fate: 'superseded' });
  expect(lanes.begin()).toMatchObject({ orderId: 'b', fate: 'call' });
  expect(lanes.begin()).toMatchObject({ orderId: 'c', fate: 'call' });
  lanes.end('a');
  expect(lanes.begin()).toMatchObject({ request: { number: 4 }, fate: 'call' });
});

test('crowded out are the polls that have waited the shortest, and nothing urgent', () => {
  const lanes = lanesOf(['a', poll(1)], ['b', poll(3)], ['c', poll(2)], ['d', request(4)]);
  expect(lanes.crowdOut(2)).toEqual(['b', 'c']);
  expect(lanes.crowdOut(2)).toEqual([]);
  expect(lanes.crowdOut(4)).toEqual(['a']);
  expect(lanes.begin()).toMatchObject({ orderId: 'a', fate: 'crowded-out' });
  lanes.end('a');
  lanes.add('a', poll(5));
  expect(lanes.crowdOut(3)).toEqual(['a']);
});
