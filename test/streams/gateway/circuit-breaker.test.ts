import {
  answered,
  begun,
  CLOSED,
  failed,
  refuses,
  type Circuit,
} from '../../../streams/gateway/circuit-breaker';

const settings = { failuresToOpen: 3, openMs: 1_000, openMaxMs: 3_000 };

function failTimes(circuit: Circuit, times: number, now: number): Circuit {
  let result = circuit;
  for (let count = 0; count < times; count += 1) result = failed(result, now, settings);
  return result;
}

test('failures in a row open it, and calls are refused for its time', () => {
  const open = failTimes(CLOSED, 3, 0);
  expect(refuses(failTimes(CLOSED, 2, 0), 0)).toBe(false);
  expect(refuses(open, 999)).toBe(true);
  expect(refuses(open, 1_000)).toBe(false);
});

test('an answer in between begins the count anew', () => {
  const circuit = failTimes(answered(failTimes(CLOSED, 2, 0)), 2, 0);
  expect(refuses(circuit, 0)).toBe(false);
});

test('after its time one call finds out, and the others are refused meanwhile', () => {
  const probing = begun(failTimes(CLOSED, 3, 0), 1_000);
  expect(refuses(probing, 1_000)).toBe(true);
  expect(() => begun(probing, 1_000)).toThrow('probing');
  expect(refuses(answered(probing), 1_000)).toBe(false);
});

test('each probe that fails doubles its time, up to the limit', () => {
  let circuit = failTimes(CLOSED, 3, 0);
  const times: number[] = [];
  let now = 1_000;
  for (let probes = 0; probes < 4; probes += 1) {
    circuit = failed(begun(circuit, now), now, settings);
    if (circuit.kind !== 'open') throw new Error(circuit.kind);
    times.push(circuit.until - now);
    now = circuit.until;
  }
  expect(times).toEqual([2_000, 3_000, 3_000, 3_000]);
});

test('an answer to a call from before it opened does not close it', () => {
  const open = failTimes(CLOSED, 3, 0);
  expect(answered(open)).toBe(open);
  expect(failed(open, 500, settings)).toBe(open);
});
