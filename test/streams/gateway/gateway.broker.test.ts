import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventId } from '../../../schemas/event-id';
import type { PayPayClient } from '../../../streams/gateway/paypay/client';
import type { GatewayResult } from '../../../streams/gateway/result-event';
import { partitionFor } from '../../../streams/runtime/kafka/partitioner';
import { eventually } from '../runtime/probe-fixture';
import { GatewayFixture, PARTITIONS } from './gateway-fixture';
import { codeRequested, deletionRequested, statusRequested } from './gateway-requests';

/** Real services on a busy machine; each wait inside has its own, shorter limit. */
jest.setTimeout(120_000);

let fixture: GatewayFixture;

afterEach(() => fixture.close());

function orderIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `order-${index}`);
}

/** Each request has one result, and none has two. */
function expectOneResultEach(results: readonly GatewayResult[], requestIds: readonly string[]) {
  const expected = requestIds.map((id) => eventId(id, 'result'));
  expect(results.map((result) => result.eventId).sort()).toEqual(expected.sort());
}

test('requests are answered by PayPay, and bad bytes do not hold them up', async () => {
  fixture = await GatewayFixture.open('gateway-answers');
  await fixture.startGateway();
  const requests = orderIds(5).flatMap((id) => [codeRequested(id), statusRequested(id)]);
  await fixture.write(orderIds(5).map((key) => ({ key, value: Buffer.from('garbage') })));
  await fixture.request(...requests);
  const results = await fixture.resultsOf(requests.length);
  expectOneResultEach(
    results,
    requests.map((request) => request.eventId),
  );
  for (const orderId of orderIds(5)) {
    expect(results.filter((result) => result.orderId === orderId)).toMatchObject([
      { type: 'CodeCreated' },
      { type: 'PaymentStatusObserved', status: 'CREATED' },
    ]);
  }
});

test('E1: killed between the answer of PayPay and the commit, there is one result', async () => {
  fixture = await GatewayFixture.open('gateway-killed');
  const request = codeRequested('order-1');
  await fixture.request(request);
  const script = join(__dirname, 'killed-gateway.ts');
  const tsx = require.resolve('tsx/cli');
  const child = spawn(process.execPath, [tsx, script, fixture.prefix, fixture.simulator.url], {
    stdio: 'inherit',
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  // tsx passes its child's end on, as a signal or as 128 + its number.
  expect(signal === 'SIGKILL' || code === 137).toBe(true);
  expect(await fixture.results()).toEqual([]);
  await fixture.startGateway();
  // PayPay has made the code, and does not tell its url a second time.
  const results = await fixture.resultsOf(1);
  expect(results).toMatchObject([{ type: 'CodeCreationFailed', outcome: 'DUPLICATE' }]);
  expectOneResultEach(results, [request.eventId]);
});

test('after a restart what was answered is not called again, however far above the rest', async () => {
  fixture = await GatewayFixture.open('gateway-bitmap');
  const slow = codeRequested('order-0');
  const partition = partitionFor('order-0', PARTITIONS);
  const neighbours = orderIds(40).filter((id) => partitionFor(id, PARTITIONS) === partition);
  const others = neighbours.slice(1).map((id) => statusRequested(id));
  let release: () => void = () => undefined;
  const hang = new Promise<void>((resolve) => {
    release = resolve;
  });
  await fixture.request(slow, ...others);
  const first = await fixture.startGateway((paypay) => ({
    createCode: async (code) => {
      await hang;
      return paypay.createCode(code);
    },
  }));
  await eventually('all others are answered', async () => {
    return (await fixture.results()).length === others.length;
  });
  const called: string[] = [];
  const note = (paypay: PayPayClient): Partial<PayPayClient> => ({
    createCode: (code) => {
      called.push(code.merchantPaymentId);
      return paypay.createCode(code);
    },
    paymentDetails: (id) => {
      called.push(id);
      return paypay.paymentDetails(id);
    },
  });
  await first.stop();
  await fixture.startGateway(note);
  const results = await fixture.resultsOf(others.length + 1);
  release();
  expect(called).toEqual(['order-0-1']);
  expectOneResultEach(
    results,
    [slow, ...others].map((request) => request.eventId),
  );
});

test('E2, E3: a gateway that was fenced takes its partitions again and answers once', async () => {
  fixture = await GatewayFixture.open('gateway-fenced');
  let answered = 0;
  const hold = { release: (): void => undefined };
  const held = new Promise<void>((resolve) => {
    hold.release = resolve;
  });
  await fixture.startGateway((paypay) => ({
    deleteCode: async (codeId) => {
      const outcome = await paypay.deleteCode(codeId);
      answered += 1;
      await held;
      return outcome;
    },
  }));
  const requests = orderIds(6).map((id) => deletionRequested(id));
  await fixture.request(...requests);
  await eventually('PayPay has answered all', () => answered === requests.length);
  const { group } = fixture.topics;
  for (const memberId of await fixture.broker.groupMembers(group)) {
    const rival = await fixture.broker.openProducer(`${group}/${memberId}`);
    await rival.close();
  }
  hold.release();
  const results = await fixture.resultsOf(requests.length);
  expectOneResultEach(
    results,
    requests.map((request) => request.eventId),
  );
  // Those of the transaction that was refused; the group still counts this member for the others.
  expect(answered).toBeGreaterThan(requests.length);
});

test('a second gateway takes its share while requests go on, and each is answered once', async () => {
  fixture = await GatewayFixture.open('gateway-shared');
  const first = await fixture.startGateway();
  const requests = orderIds(60).map((id) => codeRequested(id));
  await fixture.request(...requests.slice(0, 20));
  const second = await fixture.startGateway();
  await fixture.request(...requests.slice(20, 40));
  await eventually(
    'both have a partition',
    () => first.health().tasks.length === 1 && second.health().tasks.length === 1,
  );
  await fixture.request(...requests.slice(40));
  const results = await fixture.resultsOf(requests.length);
  expectOneResultEach(
    results,
    requests.map((request) => request.eventId),
  );
  // Partitions change hands only when nothing is under way, so no code is asked for twice.
  expect(results.every(({ type }) => type === 'CodeCreated')).toBe(true);
});

test('a paused gateway answers nothing until it is resumed', async () => {
  fixture = await GatewayFixture.open('gateway-paused');
  const gateway = await fixture.startGateway();
  await eventually('it runs', () => gateway.health().state === 'running');
  gateway.pause();
  await eventually('its partitions rest', () =>
    gateway.health().tasks.every(({ state }) => state === 'held'),
  );
  await fixture.request(deletionRequested('order-1'));
  await eventually('it has seen the request', () =>
    gateway.health().tasks.some(({ lagRecords }) => lagRecords > 0),
  );
  expect(await fixture.results()).toEqual([]);
  gateway.resume();
  expect(await fixture.resultsOf(1)).toMatchObject([{ type: 'CodeDeleted' }]);
});
