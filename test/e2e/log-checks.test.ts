import type { LoggedEvent } from '../../proof/scenarios/event-log';
import type { AnyEvent } from '../../schemas/event';
import { alertsDue, byOrder, repeatedEventIds, unbalancedOrders } from './log-checks';

const ORDER = 'order';
const TOPIC = 'some-topic';
const GRACE_MS = 1_000;

/** Of the events only what the checks look at; `at` is the log time. */
function logOf(...events: readonly (readonly [type: string, at: number, fields?: object])[]) {
  return events.map(([type, at, fields], index): LoggedEvent => {
    const event = { type, eventId: String(index), orderId: ORDER, ...fields };
    const record = { topic: TOPIC, partition: 0, offset: index, timestamp: at };
    return { event: event as unknown as AnyEvent, record: { ...record, ...NO_PAYLOAD } };
  });
}

const NO_PAYLOAD = { key: null, value: null, headers: {} };
const TEA = { sku: 'tea', quantity: 2 };

const paid = [
  ['OrderCreated', 0],
  ['StockReserved', 1, TEA],
  ['FundsHeld', 2],
  ['PaymentSucceeded', 3],
  ['OrderPaid', 4],
  ['StockConfirmed', 5, TEA],
  ['FundsCaptured', 6],
] as const;

const failed = [
  ['OrderCreated', 0],
  ['StockReserved', 1, TEA],
  ['FundsHeld', 2],
  ['PaymentFailed', 3],
  ['OrderFailed', 4],
  ['StockReleased', 5, TEA],
  ['FundsReleased', 6],
] as const;

test.each([
  ['a paid order', paid],
  ['a failed order', failed],
  ['an order whose stock was never reserved', [failed[0], failed[4]]],
])('%s is balanced', (_what, events) => {
  expect(unbalancedOrders(byOrder(logOf(...events)))).toEqual([]);
});

test.each([
  ['an order that never ended', paid.slice(0, 1), 'ended 0 times'],
  ['an order that ended twice', [...paid, ['OrderFailed', 7]], 'ended 2 times'],
  ['stock that was sold twice', [...paid, ['StockConfirmed', 7, TEA]], 'sold tea × 2,tea × 2'],
  ['stock that was not given back', failed.toSpliced(5, 1), 'released '],
  ['stock given back though it was sold', [...paid, ['StockReleased', 7, TEA]], 'released tea × 2'],
  ['funds captured twice', [...paid, ['FundsCaptured', 7]], 'funds captured 2 times'],
  ['funds never given back', failed.slice(0, 6), 'funds released 0 times'],
] as const)('%s is a fault', (_what, events, fault) => {
  expect(unbalancedOrders(byOrder(logOf(...events)))).toEqual([`order ${ORDER}: ${fault}`]);
});

test('an eventId twice on a topic is a fault, unless its writer may write it again', () => {
  const log = logOf(['OrderPaid', 0, { eventId: 'same' }], ['OrderPaid', 1, { eventId: 'same' }]);
  expect(repeatedEventIds(log, [])).toEqual([`OrderPaid twice: ${TOPIC} same`]);
  expect(repeatedEventIds(log, ['OrderPaid'])).toEqual([]);
});

const created = ['OrderCreated', 0] as const;
const success = ['PaymentSucceeded', 10] as const;

test.each([
  ['none for an order paid in time', [success, ['OrderPaid', 1_009]], []],
  ['RULE_A for one paid at the deadline', [success, ['OrderPaid', 1_010]], ['RULE_A']],
  ['RULE_A for one that is never paid', [success], ['RULE_A']],
  [
    'RULE_B for a success taken back',
    [success, ['OrderPaid', 11], ['PaymentFailed', 12]],
    ['RULE_B'],
  ],
  ['RULE_C for a success after failure', [['OrderFailed', 5], success], ['RULE_C']],
  ['none for an order that nobody paid', [['OrderFailed', 5]], []],
] as const)('the alerts due are %s', (_what, events, rules) => {
  const due = alertsDue(byOrder(logOf(created, ...events)), GRACE_MS);
  expect(due).toEqual(rules.map((rule) => `${ORDER} ${rule}`));
});
