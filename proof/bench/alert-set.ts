/** What a side has said: every alert and every change of one, whole, so that sides can be compared. */
import type { Codec } from '../../platform/avro/codec';
import type { AnyEvent } from '../../schemas/event';
import type { Broker } from '../../streams/runtime/broker';
import { recordsOf } from './bench-ground';
import type { JoinRule, OrderLog } from './order-log';

/** Texts of events by their eventId. */
export type AlertSet = ReadonlyMap<string, string>;

export async function alertSetOf(
  broker: Broker,
  codec: Codec,
  topics: readonly string[],
): Promise<AlertSet> {
  const said = new Map<string, string>();
  for (const topic of topics) {
    for await (const { value } of recordsOf(broker, topic)) {
      const decoded = codec.decode(value);
      if (decoded.kind !== 'event' || !('eventId' in decoded.event)) {
        throw new Error(`${topic} holds what cannot be read`);
      }
      const { eventId } = decoded.event;
      if (said.has(eventId)) throw new Error(`${topic} says ${eventId} twice`);
      said.set(eventId, JSON.stringify(decoded.event));
    }
  }
  return said;
}

/** Throws when two sides differ, with the first differences. */
export function assertSameAlerts(one: string, a: AlertSet, other: string, b: AlertSet): void {
  const ids = new Set([...a.keys(), ...b.keys()]);
  const differing = [...ids].filter((id) => a.get(id) !== b.get(id));
  if (differing.length === 0) return;
  const shown = differing
    .slice(0, SHOWN)
    .flatMap((id) => [`${one}: ${a.get(id) ?? 'nothing'}`, `${other}: ${b.get(id) ?? 'nothing'}`]);
  throw new Error(
    `${String(differing.length)} of ${String(ids.size)} events differ\n${shown.join('\n')}`,
  );
}

const SHOWN = 5;
/** These are decided by the log alone, however long writing it took. */
const AT_ONCE: readonly JoinRule[] = ['RULE_C', 'RULE_D', 'RULE_E'];
const AFTER_GRACE: readonly JoinRule[] = ['RULE_A', 'RULE_B'];

/** Throws when an order that must raise an alert did not, or another one did. */
export function assertExpected(said: AlertSet, { expected }: Pick<OrderLog, 'expected'>): void {
  const raised = raisedIn(said);
  const ordersOf = (rule: JoinRule) =>
    new Set(raised.flatMap((alert) => (alert.rule === rule ? [alert.orderId] : [])));
  for (const rule of [...AT_ONCE, ...AFTER_GRACE]) {
    const found = ordersOf(rule);
    const missing = [...expected[rule]].filter((order) => !found.has(order));
    const extra = [...found].filter((order) => !expected[rule].has(order));
    // On a machine that stalls for longer than the grace a healthy order may look late.
    const wrong = AT_ONCE.includes(rule) ? missing.length + extra.length : missing.length;
    if (wrong === 0) continue;
    throw new Error(
      `${rule}: ${String(missing.length)} alerts are missing (${missing.slice(0, SHOWN).join()}), ` +
        `${String(extra.length)} are too many (${extra.slice(0, SHOWN).join()})`,
    );
  }
}

export function raisedIn(said: AlertSet) {
  return [...said.values()]
    .map((text) => JSON.parse(text) as AnyEvent)
    .filter((event) => event.type === 'AlertRaised');
}
