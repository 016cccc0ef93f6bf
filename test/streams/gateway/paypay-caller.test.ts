import { PayPayCaller, type Answer } from '../../../streams/gateway/paypay-caller';
import type { Unavailable } from '../../../streams/gateway/paypay/client';
import type { GatewayRequest } from '../../../streams/gateway/result-event';
import { gatewayDefaults, type GatewaySettings } from '../../../streams/gateway/settings';
import { ManualClock } from '../../../platform/manual-clock';
import {
  codeRequested,
  deletionRequested,
  refundRequested,
  revertRequested,
  statusRequested,
} from './gateway-requests';
import { idle, ScriptedPayPay } from './scripted-paypay';

const timeout: Unavailable = { kind: 'unavailable', reason: 'timeout', message: 'too slow' };
const never = new AbortController().signal;

let clock: ManualClock;
let paypay: ScriptedPayPay;
beforeEach(() => {
  clock = new ManualClock(1_000);
  paypay = new ScriptedPayPay();
});

function callerWith(settings: Partial<GatewaySettings> = {}): PayPayCaller {
  return new PayPayCaller(paypay, { ...gatewayDefaults, ...settings }, clock);
}

/** The result, once PayPay has answered the call that this leads to. */
async function resultOf(caller: PayPayCaller, request: GatewayRequest, outcome: Unavailable) {
  const answer = caller.answer(request, never);
  await idle();
  await paypay.answer(outcome);
  return (await answer) as object;
}

async function openCircuit(caller: PayPayCaller): Promise<void> {
  for (let failures = 0; failures < gatewayDefaults.failuresToOpen; failures += 1) {
    await resultOf(caller, deletionRequested(`broken-${failures}`), timeout);
  }
}

test('each request leads to the call that it asks for', async () => {
  const caller = callerWith();
  for (const request of [
    codeRequested('order-1'),
    statusRequested('order-2'),
    deletionRequested('order-3'),
    refundRequested('order-4'),
    revertRequested('order-5'),
  ]) {
    void caller.answer(request, never);
  }
  await idle();
  expect(paypay.asked).toEqual([
    'createCode order-1-1',
    'paymentDetails order-2-1',
    'deleteCode code-order-3',
    'refund refund-order-4',
    'revertAuthorization revert-order-5',
  ]);
});

test('a request past its time is answered without a call', async () => {
  const caller = callerWith();
  for (const [request, expected] of [
    [statusRequested('order-1', { notAfter: 999 }), { reason: 'STALE' }],
    [codeRequested('order-1', { notAfter: 999 }), { outcome: 'SKIPPED' }],
  ] as const) {
    expect(await caller.answer(request, never)).toMatchObject({ result: expected });
  }
  expect(paypay.calls).toEqual([]);
});

test('a request that grew too old while it waited for its turn is not called either', async () => {
  const caller = callerWith({ callsInFlightMax: 1 });
  void caller.answer(deletionRequested('order-1'), never);
  const late = caller.answer(statusRequested('order-2', { notAfter: 2_000 }), never);
  await idle();
  clock.moveTo(2_001);
  await paypay.answer({ kind: 'deleted' });
  expect(await late).toMatchObject({ result: { reason: 'STALE' } });
  expect(paypay.asked).toEqual(['deleteCode code-order-1']);
});

test('an order in another currency is refused without a call', async () => {
  const caller = callerWith();
  const request = codeRequested('order-1', { currency: 'USD' });
  expect(await caller.answer(request, never)).toMatchObject({ result: { outcome: 'REJECTED' } });
  const refund = refundRequested('order-1', { currency: 'USD' });
  expect(await caller.answer(refund, never)).toMatchObject({ result: { outcome: 'REJECTED' } });
  expect(paypay.calls).toEqual([]);
});

test('a read that failed is tried once more', async () => {
  const caller = callerWith();
  const answer = caller.answer(statusRequested('order-1'), never);
  await idle();
  await paypay.answer(timeout);
  clock.moveTo(1_250);
  await idle();
  expect(paypay.calls).toHaveLength(2);
  await paypay.answer({ kind: 'not-found' });
  expect(await answer).toMatchObject({ result: { status: 'NOT_FOUND', observedAt: 1_250 } });
});

test('a read whose time is over keeps its first answer', async () => {
  const caller = callerWith();
  const answer = caller.answer(statusRequested('order-1', { notAfter: 1_100 }), never);
  await idle();
  await paypay.answer(timeout);
  clock.moveTo(1_250);
  expect(await answer).toMatchObject({ result: { reason: 'TIMEOUT' } });
  expect(paypay.calls).toHaveLength(1);
});

test('a write is never repeated: PayPay may have taken it', async () => {
  const caller = callerWith();
  expect(await resultOf(caller, codeRequested('order-1'), timeout)).toMatchObject({
    result: { outcome: 'UNKNOWN' },
  });
  expect(paypay.calls).toHaveLength(1);
});

describe('an order whose details are unreadable', () => {
  const garbage: Unavailable = { kind: 'unavailable', reason: 'garbage', message: 'not JSON' };

  /** Reads it as payments does, with both tries, for ten minutes. */
  async function readFor10Min(caller: PayPayCaller, others: boolean): Promise<void> {
    for (const until = clock.now() + 600_000; clock.now() < until;) {
      const read = caller.answer(statusRequested('garbled'), never);
      for (let tries = 0; tries < gatewayDefaults.readTriesMax; tries += 1) {
        await idle();
        await paypay.answer(garbage);
        clock.moveTo(clock.now() + gatewayDefaults.readRetryPauseMs);
      }
      told.push(await read);
      if (others) await answeredWith(caller, { kind: 'not-found' });
      clock.moveTo(clock.now() + 2_000);
    }
  }

  async function answeredWith(caller: PayPayCaller, outcome: { kind: 'not-found' }) {
    const answer = caller.answer(statusRequested('order-1'), never);
    await idle();
    await paypay.answer(outcome);
    told.push(await answer);
  }

  let told: Answer[];
  beforeEach(() => {
    told = [];
  });

  test.each([true, false])('holds up nobody, others asked meanwhile: %s', async (others) => {
    const caller = callerWith();
    await readFor10Min(caller, others);
    const conditions = told.flatMap((answer) =>
      answer.kind === 'result' && answer.condition !== undefined ? [answer.condition.active] : [],
    );
    expect(conditions).toEqual([false]);
    await answeredWith(caller, { kind: 'not-found' });
    expect(told.at(-1)).toMatchObject({ result: { status: 'NOT_FOUND' } });
  });
});

describe('while PayPay fails again and again', () => {
  test('it is not called, and every request is answered at once', async () => {
    const caller = callerWith();
    await openCircuit(caller);
    const calls = paypay.calls.length;
    expect(await caller.answer(statusRequested('order-1'), never)).toMatchObject({
      result: { reason: 'CIRCUIT_OPEN' },
    });
    expect(await caller.answer(codeRequested('order-1'), never)).toMatchObject({
      result: { outcome: 'SKIPPED' },
    });
    expect(paypay.calls).toHaveLength(calls);
  });

  test('one call after a while finds out whether it is back', async () => {
    const caller = callerWith();
    await openCircuit(caller);
    const calls = paypay.calls.length;
    clock.moveTo(1_000 + gatewayDefaults.openMs);
    const probe = caller.answer(deletionRequested('order-1'), never);
    const other = caller.answer(deletionRequested('order-2'), never);
    expect(await other).toMatchObject({ result: { outcome: 'UNKNOWN' } });
    expect(paypay.calls).toHaveLength(calls + 1);
    await paypay.answer({ kind: 'deleted' });
    expect(await probe).toMatchObject({ result: { type: 'CodeDeleted' } });
    void caller.answer(deletionRequested('order-3'), never);
    await idle();
    expect(paypay.asked.at(-1)).toBe('deleteCode code-order-3');
  });

  test('refusals of PayPay are answers, not failures', async () => {
    const caller = callerWith();
    for (let count = 0; count < 10; count += 1) {
      const answer = caller.answer(deletionRequested(`order-${count}`), never);
      await idle();
      await paypay.answer({ kind: 'rejected', code: 'NOPE', message: '' });
      expect(await answer).toMatchObject({ result: { outcome: 'REJECTED' } });
    }
  });
});

test('when PayPay says that there were too many, nothing is called for a while', async () => {
  const caller = callerWith();
  const limited: Unavailable = { kind: 'unavailable', reason: 'rate-limited', message: '' };
  await resultOf(caller, deletionRequested('order-1'), limited);
  void caller.answer(deletionRequested('order-2'), never);
  clock.moveTo(1_000 + gatewayDefaults.rateLimitPauseMs - 1);
  await idle();
  expect(paypay.calls).toHaveLength(1);
  clock.moveTo(1_000 + gatewayDefaults.rateLimitPauseMs);
  await idle();
  expect(paypay.calls).toHaveLength(2);
});

test('who is told to stop begins no call, and finishes the one under way', async () => {
  const caller = callerWith({ callsInFlightMax: 1 });
  const stop = new AbortController();
  const running = caller.answer(deletionRequested('order-1'), stop.signal);
  const waiting = caller.answer(deletionRequested('order-2'), stop.signal);
  await idle();
  stop.abort();
  expect(await waiting).toEqual({ kind: 'not-begun' });
  await paypay.answer({ kind: 'deleted' });
  expect(await running).toMatchObject({ kind: 'result' });
  expect(paypay.calls).toHaveLength(1);
});
