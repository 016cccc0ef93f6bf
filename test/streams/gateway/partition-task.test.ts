import type { Codec } from '../../../platform/avro/codec';
import type { EventOf } from '../../../schemas/event';
import { alertsConditions } from '../../../topics/alerts';
import { deadLetters } from '../../../topics/dead-letters';
import { paymentsGatewayRequests, paymentsGatewayResults } from '../../../topics/payments';
import type { Topic } from '../../../topics/topic';
import { GATEWAY_LIMITS } from '../../../streams/gateway/limits';
import { gatewayTask } from '../../../streams/gateway/partition-task';
import { PayPayCaller } from '../../../streams/gateway/paypay-caller';
import type { GatewayRequest, GatewayResult } from '../../../streams/gateway/result-event';
import { GATEWAY, gatewayTopics } from '../../../streams/gateway/gateway-topics';
import { gatewayDefaults, type GatewaySettings } from '../../../streams/gateway/settings';
import type { Broker, RecordReader } from '../../../streams/runtime/broker';
import { RuntimeError, type RuntimeErrorCode } from '../../../streams/runtime/errors';
import { TASK_LIMITS } from '../../../streams/runtime/limits';
import { ManualClock } from '../../../platform/manual-clock';
import { MemoryBroker } from '../../../streams/runtime/memory-broker';
import type { TransactionalTask } from '../../../streams/runtime/transactional-task';
import { codeRequested, deletionRequested, statusRequested } from './gateway-requests';
import { localCodec } from './local-codec';
import { idle, ScriptedPayPay } from './scripted-paypay';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const place = { topic: paymentsGatewayRequests.name, partition: 0 };

let clock: ManualClock;
let broker: MemoryBroker;
let codec: Codec;
let died: unknown[];

beforeEach(() => {
  clock = new ManualClock(1_000);
  broker = new MemoryBroker(clock);
  codec = localCodec();
  died = [];
});

/** One process that has the partition. */
class Process {
  readonly paypay = new ScriptedPayPay();
  readonly reader: RecordReader = broker.openReader();
  readonly task: TransactionalTask;

  constructor(of: Broker = broker, settings: Partial<GatewaySettings> = {}) {
    this.task = gatewayTask(
      {
        topics: gatewayTopics,
        broker: of,
        openProducer: () => of.openProducer(`${GATEWAY}-0`),
        reader: this.reader,
        codec,
        caller: new PayPayCaller(this.paypay, { ...gatewayDefaults, ...settings }, clock),
        clock,
        logger: silent,
        partitions: 1,
        registry: { awaySince: undefined },
        died: (error) => died.push(error),
      },
      0,
    );
  }

  /** Reads what is there and lets everything go on that can. */
  async run(): Promise<void> {
    await idle();
    for (const fetched of await this.reader.poll(0)) this.task.offer(fetched);
    await idle();
  }

  /** Answers the call that asked for `id`. */
  async answer(id: string): Promise<void> {
    const call = this.paypay.calls.find((each) => each.id === id);
    if (call === undefined) throw new Error(`PayPay was not asked for ${id}`);
    await call.answer(
      call.operation === 'deleteCode' ? { kind: 'deleted' } : { kind: 'not-found' },
    );
  }
}

async function started(): Promise<Process> {
  const process = new Process();
  await process.run();
  return process;
}

function append(request: GatewayRequest): void {
  const value = codec.encode(place.topic, request);
  broker.append({ ...place, key: request.orderId, value });
}

function eventsOf(topic: Topic): readonly unknown[] {
  return broker.recordsOf({ topic: topic.name, partition: 0 }).map(({ value }) => {
    const decoded = codec.decode(value);
    if (decoded.kind !== 'event') throw new Error(decoded.kind);
    return decoded.event;
  });
}

/** Whose request was answered, in the order of the results. */
function answeredOrders(): readonly string[] {
  return (eventsOf(paymentsGatewayResults) as GatewayResult[]).map(({ orderId }) => orderId);
}

async function committed() {
  return [...(await broker.committedOffsets(GATEWAY, [place])).values()][0];
}

/** The broker, but its first commit rejects. */
function failingOnce(code: RuntimeErrorCode): Broker {
  let failures = 1;
  const openProducer: Broker['openProducer'] = async (id) => {
    const producer = await broker.openProducer(id);
    const commit: typeof producer.commit = (transaction) =>
      failures-- > 0
        ? Promise.reject(new RuntimeError(code, 'as the test wants'))
        : producer.commit(transaction);
    return { commit, close: () => producer.close() };
  };
  return Object.create(broker, { openProducer: { value: openProducer } }) as Broker;
}

test('orders are answered as PayPay answers them, not in the order of the log', async () => {
  for (const orderId of ['a', 'b', 'c']) append(deletionRequested(orderId));
  const process = await started();
  expect(process.paypay.calls).toHaveLength(3);
  await process.answer('code-c');
  await process.answer('code-a');
  expect(answeredOrders()).toEqual(['c', 'a']);
});

test('requests of one order are called one after the other', async () => {
  append(codeRequested('a'));
  append(statusRequested('a'));
  const process = await started();
  expect(process.paypay.asked).toEqual(['createCode a-1']);
  await process.paypay.answer({ kind: 'duplicate' });
  expect(process.paypay.asked).toEqual(['createCode a-1', 'paymentDetails a-1']);
});

test('E1: after a kill only what was not committed is called again', async () => {
  for (const orderId of ['a', 'b', 'c']) append(deletionRequested(orderId));
  const killed = await started();
  await killed.answer('code-b');
  expect(await committed()).toMatchObject({ offset: 0 });
  const next = await started();
  expect(next.paypay.asked).toEqual(['deleteCode code-a', 'deleteCode code-c']);
  await next.answer('code-a');
  await next.answer('code-c');
  expect([...answeredOrders()].sort()).toEqual(['a', 'b', 'c']);
  expect(await committed()).toMatchObject({ offset: 3 });
});

test('E2: a zombie whose call is answered late writes nothing', async () => {
  append(deletionRequested('a'));
  const zombie = await started();
  const owner = await started();
  await zombie.answer('code-a');
  expect(answeredOrders()).toEqual([]);
  expect(zombie.task.health().state).toContain('FENCED');
  await zombie.task.close();
  await owner.answer('code-a');
  expect(answeredOrders()).toEqual(['a']);
});

test.each(['UNKNOWN_OUTCOME', 'ABORTED', 'FENCED'] as const)(
  'E3: after %s the partition is taken again and the request answered once',
  async (code) => {
    append(deletionRequested('a'));
    const process = new Process(failingOnce(code));
    await process.run();
    await process.answer('code-a');
    expect(answeredOrders()).toEqual([]);
    const { fencedPauseMs, retakeBackoffMinMs } = TASK_LIMITS;
    // Who was fenced waits for the group's word, so that it does not fence a new owner.
    clock.moveTo(clock.now() + (code === 'FENCED' ? fencedPauseMs : retakeBackoffMinMs));
    await process.run();
    expect(process.paypay.calls).toHaveLength(2);
    await process.paypay.answer({ kind: 'deleted' });
    expect(answeredOrders()).toEqual(['a']);
    expect(died).toEqual([]);
  },
);

test('E3: what waited to be called when the partition was taken again is called once', async () => {
  append(deletionRequested('a'));
  append(deletionRequested('b'));
  const slow = { callsBurst: 1, callsPerSecond: 0.1 };
  const process = new Process(failingOnce('ABORTED'), slow);
  await process.run();
  await process.answer('code-a');
  clock.moveTo(clock.now() + TASK_LIMITS.retakeBackoffMinMs);
  await process.run();
  for (let waitedS = 0; waitedS < 60; waitedS += 10) {
    clock.moveTo(clock.now() + 10_000);
    await process.run();
  }
  expect(process.paypay.asked.filter((call) => call === 'deleteCode code-b')).toHaveLength(1);
});

test('a partition taken again is read again, though it was paused before', async () => {
  append(deletionRequested('a'));
  for (let count = 0; count < GATEWAY_LIMITS.openRequestsMax; count += 1) {
    append(deletionRequested('b'));
  }
  for (let count = 0; count < GATEWAY_LIMITS.backlogRecordsMax; count += 1) {
    append(deletionRequested('c'));
  }
  const process = new Process(failingOnce('ABORTED'));
  const pause = jest.spyOn(process.reader, 'pause');
  await process.run();
  await process.answer('code-a');
  clock.moveTo(clock.now() + TASK_LIMITS.retakeBackoffMinMs);
  await process.run();
  expect(pause).toHaveBeenCalledTimes(2);
});

test('an error that nobody knows ends the gateway', async () => {
  append(deletionRequested('a'));
  const process = new Process();
  process.paypay.deleteCode = () => Promise.reject(new Error('the client broke its word'));
  await process.run();
  expect(died).toEqual([new Error('the client broke its word')]);
  expect(answeredOrders()).toEqual([]);
});

test('D1: bad bytes become a dead letter in the transaction that moves past them', async () => {
  broker.append({ ...place, key: 'a', value: Buffer.from('garbage') });
  append(deletionRequested('a'));
  const process = await started();
  await process.answer('code-a');
  expect(eventsOf(deadLetters)).toMatchObject([
    { app: 'gateway', offset: 0, errorCode: 'NOT_WIRE_FORMAT' } satisfies Partial<
      EventOf<'DeadLetter'>
    >,
  ]);
  expect(answeredOrders()).toEqual(['a']);
  expect(await committed()).toMatchObject({ offset: 2 });
});

test('B1: a partition with too much waiting is paused and read again later', async () => {
  for (let count = 0; count < GATEWAY_LIMITS.openRequestsMax; count += 1) {
    append(deletionRequested('a'));
  }
  for (let count = 0; count <= GATEWAY_LIMITS.backlogRecordsMax; count += 1) {
    append(deletionRequested('b'));
  }
  const process = new Process();
  const pause = jest.spyOn(process.reader, 'pause');
  const resume = jest.spyOn(process.reader, 'resume');
  await process.run();
  expect(pause).toHaveBeenCalledTimes(1);
  resume.mockClear();
  // Refused at once by an open circuit, so that thousands need no clock.
  for (let failures = 0; failures < gatewayDefaults.failuresToOpen; failures += 1) {
    await process.paypay.answer({ kind: 'unavailable', reason: 'timeout', message: '' });
  }
  for (let rounds = 0; resume.mock.calls.length === 0 && rounds < 100_000; rounds += 1)
    await idle();
  expect(resume).toHaveBeenCalledTimes(1);
});

describe('a partition that is to be given back', () => {
  test('begins no call, and rests once what is under way is committed', async () => {
    append(deletionRequested('a'));
    append(deletionRequested('b'));
    append(statusRequested('a'));
    const process = await started();
    let rested = false;
    void process.task.hold().then(() => {
      rested = true;
    });
    await process.answer('code-a');
    expect(rested).toBe(false);
    await process.answer('code-b');
    expect(rested).toBe(true);
    expect(answeredOrders()).toEqual(['a', 'b']);
    expect(process.paypay.calls).toHaveLength(2);
    expect(await committed()).toMatchObject({ offset: 2 });
  });

  test('goes on where it was when it is kept after all', async () => {
    append(deletionRequested('a'));
    append(statusRequested('a'));
    const process = await started();
    void process.task.hold();
    await process.answer('code-a');
    process.task.release();
    await process.run();
    expect(process.paypay.asked).toEqual(['deleteCode code-a', 'paymentDetails a-1']);
  });

  test('calls what was waiting for its turn only when it is kept after all', async () => {
    append(deletionRequested('a'));
    append(deletionRequested('b'));
    const process = new Process(broker, { callsInFlightMax: 1 });
    await process.run();
    process.task.release();
    void process.task.hold();
    await process.run();
    await process.answer('code-a');
    expect(process.paypay.asked).toEqual(['deleteCode code-a']);
    expect(answeredOrders()).toEqual(['a']);
    process.task.release();
    await process.run();
    expect(process.paypay.asked).toEqual(['deleteCode code-a', 'deleteCode code-b']);
  });

  test('before it was even taken begins no call', async () => {
    append(deletionRequested('a'));
    const process = new Process();
    await process.task.hold();
    await process.run();
    expect(process.paypay.calls).toEqual([]);
    process.task.release();
    await process.run();
    expect(process.paypay.calls).toHaveLength(1);
  });

  test('waits for PayPay no longer than a call takes', async () => {
    append(deletionRequested('a'));
    const process = await started();
    let rested = false;
    void process.task.hold().then(() => {
      rested = true;
    });
    await idle();
    for (let waitedMs = 0; waitedMs < GATEWAY_LIMITS.drainMs;) {
      expect(rested).toBe(false);
      waitedMs += GATEWAY_LIMITS.drainRecheckMs;
      clock.moveTo(clock.now() + GATEWAY_LIMITS.drainRecheckMs);
      await idle();
    }
    expect(rested).toBe(true);
    await process.task.close();
    expect(process.task.health().state).toBe('closed');
  });
});

describe('while more is asked than the budget allows', () => {
  const oneASecond = { callsBurst: 1, callsPerSecond: 1 };

  async function seconds(process: Process, count: number): Promise<void> {
    for (let second = 0; second < count; second += 1) {
      clock.moveTo(clock.now() + 1_000);
      await process.run();
      await process.paypay.answer({ kind: 'not-found' });
    }
  }

  test('an urgent request overtakes the polls of other orders', async () => {
    for (const orderId of ['a', 'b', 'c']) append(statusRequested(orderId));
    const process = new Process(broker, oneASecond);
    await process.run();
    append(codeRequested('d'));
    await process.run();
    await seconds(process, 1);
    expect(process.paypay.asked).toEqual(['paymentDetails a-1', 'createCode d-1']);
  });

  test('a poll goes before those of orders that have waited less, whoever asked first', async () => {
    append(statusRequested('a'));
    append(statusRequested('b', { waitingSince: 900 }));
    append(statusRequested('c', { waitingSince: 800 }));
    const process = new Process(broker, oneASecond);
    await process.run();
    await seconds(process, 2);
    expect(process.paypay.asked).toEqual([
      'paymentDetails a-1',
      'paymentDetails c-1',
      'paymentDetails b-1',
    ]);
  });

  test('a read with a later one of its order behind it is answered without a call', async () => {
    append(statusRequested('a'));
    append(statusRequested('b'));
    append(statusRequested('c'));
    const process = new Process(broker, oneASecond);
    await process.run();
    append(statusRequested('c', { id: 'hinted', purpose: 'NOTIFICATION' }));
    await process.run();
    expect(eventsOf(paymentsGatewayResults)).toMatchObject([{ orderId: 'c', reason: 'STALE' }]);
    await seconds(process, 1);
    expect(process.paypay.asked).toEqual(['paymentDetails a-1', 'paymentDetails c-1']);
  });

  test('B1: polls make room for what is urgent when all places are taken', async () => {
    for (let count = 0; count < GATEWAY_LIMITS.openRequestsMax; count += 1) {
      append(statusRequested(`poll-${count}`, { waitingSince: 1_000 + count }));
    }
    const process = new Process(broker, oneASecond);
    await process.run();
    append(codeRequested('urgent'));
    await process.run();
    const last = `poll-${GATEWAY_LIMITS.openRequestsMax - 1}`;
    expect(eventsOf(paymentsGatewayResults)).toMatchObject([{ orderId: last, reason: 'STALE' }]);
    await process.run();
    await seconds(process, 1);
    expect(process.paypay.asked).toEqual(['paymentDetails poll-0-1', 'createCode urgent-1']);
  });
});

describe('how PayPay is', () => {
  const told = () => eventsOf(alertsConditions);
  const timeout = { kind: 'unavailable', reason: 'timeout', message: '' } as const;

  async function openCircuit(process: Process): Promise<void> {
    for (let failures = 0; failures < gatewayDefaults.failuresToOpen; failures += 1) {
      append(deletionRequested(`broken-${failures}`));
      await process.run();
      await process.paypay.answer(timeout);
    }
  }

  test('is told with the first answer, and then when it changes', async () => {
    append(deletionRequested('a'));
    const process = await started();
    await process.answer('code-a');
    expect(told()).toMatchObject([{ condition: 'PAYPAY_DEGRADED', active: false }]);
    append(deletionRequested('b'));
    await process.run();
    await process.answer('code-b');
    expect(told()).toHaveLength(1);
    await openCircuit(process);
    expect(told()).toMatchObject([{ active: false }, { active: true }]);
  });

  test('is told again when the transaction that carried it may be lost', async () => {
    append(deletionRequested('a'));
    const process = new Process(failingOnce('ABORTED'));
    await process.run();
    await process.answer('code-a');
    expect(told()).toEqual([]);
    clock.moveTo(clock.now() + TASK_LIMITS.retakeBackoffMinMs);
    await process.run();
    await process.answer('code-a');
    await process.paypay.answer({ kind: 'deleted' });
    expect(told()).toMatchObject([{ active: false }]);
  });
});

test('its lag is what is in the log and not answered yet', async () => {
  for (const orderId of ['a', 'b', 'c']) append(deletionRequested(orderId));
  const process = await started();
  expect(process.task.health()).toEqual({ partition: 0, state: 'running', lagRecords: 3 });
  await process.answer('code-b');
  expect(process.task.health()).toMatchObject({ lagRecords: 2 });
});
