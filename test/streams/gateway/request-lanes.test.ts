import { RequestLanes } from '../../../streams/gateway/request-lanes';

function lanesOf(...requests: readonly (readonly [orderId: string, request: number])[]) {
  const lanes = new RequestLanes<number>();
  for (const [orderId, request] of requests) lanes.add(orderId, request);
  return lanes;
}

test('requests of one order are called one at a time, in the order of the log', () => {
  const lanes = lanesOf(['a', 1], ['a', 2]);
  expect(lanes.begin()).toEqual({ orderId: 'a', request: 1 });
  expect(lanes.begin()).toBeUndefined();
  lanes.end('a');
  expect(lanes.begin()).toEqual({ orderId: 'a', request: 2 });
});

test('orders take turns, however much one of them asks', () => {
  const lanes = lanesOf(['a', 1], ['a', 2], ['a', 3], ['b', 4], ['c', 5]);
  const begun: (number | undefined)[] = [];
  for (let count = 0; count < 5; count += 1) {
    const next = lanes.begin();
    begun.push(next?.request);
    if (next !== undefined) lanes.end(next.orderId);
  }
  expect(begun).toEqual([1, 4, 5, 2, 3]);
});

test('a request that was not called after all comes again, before the others of its order', () => {
  const lanes = lanesOf(['a', 1], ['a', 2]);
  lanes.begin();
  lanes.giveBack('a');
  expect(lanes.begin()).toEqual({ orderId: 'a', request: 1 });
});
