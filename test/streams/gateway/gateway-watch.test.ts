/** The watchdog over the gateway: nothing of it stands still in silence. */
import { paymentsGatewayRequests } from '../../../topics/payments';
import { startGateway } from '../../../streams/gateway/gateway';
import { gatewayDefaults } from '../../../streams/gateway/settings';
import type { Broker, TransactionalProducer } from '../../../streams/runtime/broker';
import { WATCH_LIMITS } from '../../../streams/runtime/limits';
import { ManualClock } from '../../../platform/manual-clock';
import { MemoryCluster } from '../../../streams/runtime/memory/memory-cluster';
import { MemoryConnection } from '../../../streams/runtime/memory/memory-connection';
import type { RunningApp } from '../../../streams/runtime/running-app';
import { deletionRequested } from './gateway-requests';
import { localCodec } from './local-codec';
import { idle, ScriptedPayPay } from './scripted-paypay';

const { taskStallMs, watchIntervalMs, retakeStallMs } = WATCH_LIMITS;

let clock: ManualClock;
let cluster: MemoryCluster;
let paypay: ScriptedPayPay;
let told: string[];
/** Whether commits end. */
let commits: 'end' | 'hang';

beforeEach(() => {
  clock = new ManualClock(1_000);
  cluster = new MemoryCluster({ clock, autoCreatePartitions: 1 });
  paypay = new ScriptedPayPay();
  told = [];
  commits = 'end';
});

function hangingBroker(): Broker {
  const broker = new MemoryConnection({ cluster, clock });
  const openProducer: Broker['openProducer'] = async (id) => {
    const producer = await broker.openProducer(id);
    const commit: TransactionalProducer['commit'] = (transaction) =>
      commits === 'hang' ? new Promise(() => undefined) : producer.commit(transaction);
    return { commit, close: () => producer.close() };
  };
  return Object.create(broker, { openProducer: { value: openProducer } }) as Broker;
}

async function started(): Promise<RunningApp> {
  const codec = localCodec();
  const request = deletionRequested('a');
  const value = codec.encode(paymentsGatewayRequests.name, request);
  cluster.append({ topic: paymentsGatewayRequests.name, partition: 0, key: 'a', value });
  const keep = (_fields: object, message: string) => told.push(message);
  const gateway = await startGateway({
    broker: hangingBroker(),
    codec,
    paypay,
    clock,
    settings: gatewayDefaults,
    logger: { info: keep, warn: keep, error: keep },
  });
  await pass(watchIntervalMs);
  return gateway;
}

async function pass(ms: number): Promise<void> {
  const until = clock.now() + ms;
  while (clock.now() < until) {
    await idle();
    clock.moveTo(Math.min(until, clock.now() + 100));
  }
  await idle();
}

test('requests of which none is answered are told, taken again, and end the process', async () => {
  const gateway = await started();
  expect(paypay.asked).toEqual(['deleteCode code-a']);
  await pass(taskStallMs);
  expect(told).toContain('task is stalled');
  // The first call is still under way: an order is called one at a time, also by whoever takes it.
  expect(told).toContain('task will be re-initialized');
  await pass(taskStallMs + retakeStallMs);
  await expect(gateway.ended).rejects.toMatchObject({ code: 'STALLED' });
  expect(gateway.health().state).toBe('failed');
});

test('a commit that does not end is told in health and ends the process', async () => {
  commits = 'hang';
  const gateway = await started();
  await paypay.answer({ kind: 'deleted' });
  await pass(taskStallMs + watchIntervalMs);
  expect(gateway.health()).toMatchObject({
    state: 'failed',
    tasks: [{ partition: 0, stall: { kind: 'step', detail: 'a step does not complete' } }],
  });
  await pass(10_000);
  await expect(gateway.ended).rejects.toMatchObject({ code: 'STALLED' });
});

test('an operator who pauses it is no standstill', async () => {
  const gateway = await started();
  gateway.pause();
  await paypay.answer({ kind: 'deleted' });
  await pass(2 * taskStallMs);
  expect(gateway.health()).toMatchObject({ state: 'paused' });
  expect(told).not.toContain('task is stalled');
  await gateway.stop();
});
