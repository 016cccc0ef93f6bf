import {
  answered,
  begun,
  CLOSED,
  failed,
  refuses as refusesOf,
  type CallFailure,
  type Circuit,
} from '../../../streams/gateway/circuit-breaker';

const settings = {
  failuresToOpen: 5,
  ordersToOpen: 3,
  heardForMs: 30_000,
  openMs: 1_000,
  openMaxMs: 3_000,
};

/** One call of each order named, in that order, fails. */
function failing(
  circuit: Circuit,
  orders: string,
  now = 0,
  failure: CallFailure = 'unavailable',
): Circuit {
  return Array.from(orders).reduce((all, id) => failed(all, id, failure, now, settings), circuit);
}

function answering(circuit: Circuit, orders: string, now = 0): Circuit {
  return Array.from(orders).reduce((all, id) => answered(all, id, now, settings), circuit);
}

function refuses(circuit: Circuit, now: number, orderId = 'z'): boolean {
  return refusesOf(circuit, orderId, now, settings);
}

function beginning(circuit: Circuit, orderId: string, now: number): Circuit {
  return begun(circuit, orderId, now, settings);
}

const open = failing(CLOSED, 'abcde');

test('failures in a row open it, and calls are refused for its time', () => {
  expect(refuses(failing(CLOSED, 'abcd'), 0)).toBe(false);
  expect(refuses(open, 999)).toBe(true);
  expect(refuses(open, 1_000)).toBe(false);
});

test('an answer in between begins the count anew', () => {
  const circuit = failing(answering(failing(CLOSED, 'abcd'), 'e'), 'abcd');
  expect(refuses(circuit, 0)).toBe(false);
});

test('an only order that cannot reach PayPay opens it', () => {
  expect(refuses(failing(CLOSED, 'aaaa'), 0)).toBe(false);
  expect(refuses(failing(CLOSED, 'aaaaa'), 0, 'a')).toBe(true);
  expect(refuses(failing(answering(CLOSED, 'a'), 'aaaaa'), 0, 'a')).toBe(true);
});

test('all orders that are open open it, however few they are', () => {
  expect(refuses(failing(answering(CLOSED, 'abab'), 'ababa'), 0, 'b')).toBe(true);
});

test('one order that fails opens nothing while PayPay answers others', () => {
  const heard = answering(CLOSED, 'b');
  expect(refuses(failing(heard, 'a'.repeat(100), 29_999), 29_999, 'a')).toBe(false);
  expect(refuses(failing(heard, 'aaaaa', 30_000), 30_000, 'a')).toBe(true);
});

test('two orders that fail open nothing while PayPay answers a third', () => {
  const heard = answering(CLOSED, 'cab');
  expect(refuses(failing(heard, 'ab'.repeat(50)), 0, 'a')).toBe(false);
});

test('a row of failures of three orders opens it, whoever was answered before', () => {
  expect(refuses(failing(answering(CLOSED, 'xyz'), 'aaabb'), 0)).toBe(false);
  expect(refuses(failing(answering(CLOSED, 'xyz'), 'aaabc'), 0)).toBe(true);
});

test('what is unreadable about one or two orders opens nothing, though nothing else is asked', () => {
  const circuit = failing(CLOSED, 'ab'.repeat(50), 0, 'unreadable');
  expect(refuses(circuit, 0, 'a')).toBe(false);
  expect(refuses(failing(circuit, 'c', 0, 'unreadable'), 0)).toBe(true);
});

test('after its time one call finds out, and the others are refused meanwhile', () => {
  const probing = beginning(open, 'a', 1_000);
  expect(refuses(probing, 1_000)).toBe(true);
  expect(() => beginning(probing, 'b', 1_000)).toThrow('probing');
  expect(refuses(answering(probing, 'a', 1_000), 1_000)).toBe(false);
});

test('another order finds out at once, and is answered: one order keeps it open for nobody', () => {
  const byOne = failing(CLOSED, 'aaaaa');
  expect(refuses(byOne, 1, 'a')).toBe(true);
  const probing = beginning(byOne, 'b', 1);
  expect(refuses(probing, 1, 'c')).toBe(true);
  expect(refuses(answering(probing, 'b', 2), 2, 'a')).toBe(false);
});

test('when three orders have failed, all wait for its time', () => {
  let circuit = failing(CLOSED, 'aaaaa');
  for (const id of ['b', 'c']) circuit = failing(beginning(circuit, id, 1), id, 1);
  expect(refuses(circuit, 1_000, 'd')).toBe(true);
  expect(refuses(circuit, 1_001, 'd')).toBe(false);
});

test('a probe of one order that fails lets two others find out', () => {
  let circuit = open;
  for (const id of ['a', 'b', 'c']) circuit = failing(beginning(circuit, id, 1_000), id, 1_000);
  expect(refuses(circuit, 2_999, 'd')).toBe(true);
  expect(refuses(circuit, 3_000, 'd')).toBe(false);
});

test('each probe that fails doubles its time, up to the limit', () => {
  expect(timesOf('unavailable')).toEqual([2_000, 3_000, 3_000, 3_000]);
});

test('a probe that is unreadable leaves its time as it is', () => {
  expect(timesOf('unreadable')).toEqual([1_000, 1_000, 1_000, 1_000]);
});

test('an answer to a call from before it opened does not close it', () => {
  expect(answering(open, 'a')).toBe(open);
  expect(failing(open, 'a', 500)).toBe(open);
});

/** How long it stays open after each of four probes. */
function timesOf(failure: CallFailure): readonly number[] {
  let circuit = open;
  const times: number[] = [];
  let now = 1_000;
  for (let probes = 0; probes < 4; probes += 1) {
    circuit = failing(beginning(circuit, 'a', now), 'a', now, failure);
    if (circuit.kind !== 'open') throw new Error(circuit.kind);
    times.push(circuit.until - now);
    now = circuit.until;
  }
  return times;
}
