/**
 * What is to be said of a run once everything has come to rest, from the log alone: read back by a
 * plain read_committed consumer, written to disk in parts by order, and given to the checkers of
 * the simulation, part by part. The views are compared with a replay on the way.
 */
import type { Codec } from '../../platform/avro/codec';
import type { AlertsSettings } from '../../streams/alerts/settings';
import { partitionName } from '../../streams/runtime/broker';
import { checkAlerts } from '../simulation/checkers/alerts';
import { checkAnswers } from '../simulation/checkers/answers';
import { checkConservation } from '../simulation/checkers/conservation';
import { checkDeadLetters } from '../simulation/checkers/dead-letters';
import { checkIdentities } from '../simulation/checkers/identity';
import { checkMoney } from '../simulation/checkers/money';
import { checkOrders } from '../simulation/checkers/order-history';
import { OrderTotals } from '../simulation/checkers/order-totals';
import { alertsRaised } from '../../topics/alerts';
import { eventTopics } from '../../topics/catalogue';
import { Delivered } from './delivered';
import { OrderParts } from './order-parts';
import { asLastSeen, readBooks } from './paypay-books';
import { endsOf, PlainReader } from './plain-reader';
import type { ReadAlong } from './read-along';
import { settledOrders } from './settled-orders';
import { ViewReplay } from './view-replay';

export interface Case {
  readonly brokers: readonly string[];
  readonly topics: readonly string[];
  readonly databaseUrl: string;
  /** Of the simulated PayPay. */
  readonly journal: string;
  /** For parts of the log, emptied before and removed after. */
  readonly folder: string;
  readonly codec: Codec;
  readonly alerts: AlertsSettings;
  readonly accounts: { readonly defaultLimitAmount: number };
  /** Orders that the edge has answered 202. */
  readonly accepted: readonly string[];
  readonly readAlong: ReadAlong;
  readonly say: (line: string) => void;
}

export interface Verdict {
  readonly violations: readonly string[];
  readonly figures: {
    readonly committedRecords: number;
    /** Of aborted transactions, which stand in the log and nobody may be given. */
    readonly abortedRecords: number;
    readonly readAlongRecords: number;
    /** Given again after a lost connection, each the same as before. */
    readonly readAlongRepeated: number;
    readonly readAlongClientsGivenUp: number;
    readonly orders: Readonly<Record<string, number>>;
    readonly alerts: Readonly<Record<string, number>>;
  };
}

export async function reachVerdict(matter: Case): Promise<Verdict> {
  const { brokers, topics, codec, folder, readAlong, say } = matter;
  const ends = await endsOf(brokers, topics);
  await readAlong.toTheEnd(ends);
  await readAlong.close();
  const eventNames = eventTopics.map(({ name }) => name);
  const parts = new OrderParts(folder, eventNames, codec, matter.accepted.length);
  const isEvent = new Set(eventNames);
  const committed = await readBack(matter, ends, false, (place, records) => {
    if (isEvent.has(place.topic)) parts.add(place, records);
  });
  say(`${recordsIn(committed)} committed records read back`);
  const all = await readBack(matter, ends, true, () => undefined);
  try {
    const checked = await ViewReplay.during(matter.databaseUrl, (replay) =>
      check(matter, parts, replay),
    );
    const read = compare(readAlong, committed);
    const delivered = readAlong.delivered.reduce((sum, each) => sum + each.records, 0);
    const repeated = readAlong.delivered.reduce((sum, each) => sum + each.repeated, 0);
    return {
      violations: [...read, ...checked.violations],
      figures: {
        committedRecords: recordsIn(committed),
        abortedRecords: recordsIn(all) - recordsIn(committed),
        readAlongRecords: delivered,
        readAlongRepeated: repeated,
        readAlongClientsGivenUp: readAlong.clientsGivenUp,
        orders: checked.orders,
        alerts: checked.alerts,
      },
    };
  } finally {
    parts.remove();
  }
}

type Copy = ReadonlyMap<string, Delivered>;

async function readBack(
  { brokers, topics }: Case,
  ends: ReadonlyMap<string, number>,
  aborted: boolean,
  visit: (...given: Parameters<OrderParts['add']>) => void,
): Promise<Copy> {
  const copy = new Map<string, Delivered>();
  const reader = await PlainReader.open({
    brokers,
    topics,
    aborted,
    visit: (place, records) => {
      const name = partitionName(place);
      const delivered = copy.get(name) ?? new Delivered(place);
      copy.set(name, delivered);
      const fresh = records.filter((record) => delivered.add(record));
      visit(place, fresh);
    },
  });
  await reader.toTheEnd(ends);
  await reader.close();
  return copy;
}

function recordsIn(copy: Copy): number {
  return [...copy.values()].reduce((sum, { records }) => sum + records, 0);
}

function compare({ delivered }: ReadAlong, committed: Copy): readonly string[] {
  const places = new Map(delivered.map((each) => [partitionName(each.place), each]));
  const unread = [...committed].filter(([name, { records }]) => records > 0 && !places.has(name));
  return [
    ...unread.map(([name]) => `nothing of ${name} was delivered to the concurrent consumer`),
    ...delivered.flatMap((each) => {
      const other = committed.get(partitionName(each.place)) ?? new Delivered(each.place);
      return [...each.violations, ...each.differencesFrom(other)];
    }),
  ];
}

interface Checked {
  readonly violations: readonly string[];
  readonly orders: Record<string, number>;
  readonly alerts: Record<string, number>;
}

async function check(matter: Case, parts: OrderParts, replay: ViewReplay): Promise<Checked> {
  const { accounts, alerts: settings, journal, say } = matter;
  const books = await readBooks(journal);
  const totals = new OrderTotals();
  const violations: string[] = [];
  const orders: Record<string, number> = {};
  const alerts: Record<string, number> = {};
  const missing = new Set(matter.accepted);
  await parts.each(async (log) => {
    const settled = settledOrders(log);
    for (const orderId of settled.orderIds) missing.delete(orderId);
    violations.push(
      ...settled.violations,
      ...checkIdentities(log),
      ...checkOrders(log),
      ...checkMoney(log, asLastSeen(books, log)),
      ...checkAnswers(log),
      ...checkAlerts(log, settings),
    );
    addUp(orders, settled.counts);
    for (const { event } of log.on(alertsRaised)) addUp(alerts, { [event.rule]: 1 });
    totals.add(log);
    await replay.write(log);
  });
  const rest = parts.withoutOrder();
  await replay.write(rest);
  say('orders, money, answers and alerts checked; now stock, funds and views');
  violations.push(
    ...[...missing].map((orderId) => `order ${orderId} was taken over HTTP and is not there`),
    ...checkIdentities(rest),
    ...checkConservation(rest, accounts, totals),
    ...checkDeadLetters(rest),
    ...(await replay.differences()),
  );
  return { violations, orders, alerts };
}

function addUp(sums: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + count;
}
