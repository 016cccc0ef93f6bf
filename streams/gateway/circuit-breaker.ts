/**
 * Whether PayPay is called at all. When it fails again and again, calls are refused at once, so
 * that orders do not queue behind timeouts and PayPay can recover.
 *
 *   closed ──failures in a row──▶ open ──its time is over, next call──▶ probing
 *     ▲                            ▲                                     │   │
 *     │                            └────────failed, for twice as long────┘   │
 *     └──────────────────────────────answered───────────────────────────────┘
 *
 * It judges PayPay and not one order. A row of failures opens it when it is of several orders, or
 * when there is no other order that PayPay has answered lately; what is unreadable about one or two
 * orders never does. Nor does one order keep it open: until as many have failed, the next call of
 * another one finds out at once.
 *
 *   A, B answered;  A: timeout five times in a row      closed: B shows that PayPay is well
 *                   then B, C: timeout                  open: three orders
 *   A alone:        timeout five times in a row         open: nothing speaks for PayPay
 *                   then B: answered                    closed
 *   A alone:        garbage, for hours                  closed: A waits
 *   (tests: "one order that fails opens nothing while PayPay answers others", "a row of failures of
 *   three orders opens it, whoever was answered before", "an only order that cannot reach PayPay
 *   opens it", "another order finds out at once")
 */

/** How a call failed: PayPay could not be had at all, or its answer makes no sense. */
export type CallFailure = 'unavailable' | 'unreadable';

export type Circuit =
  | ClosedCircuit
  | OpenCircuit
  /** One probe is in flight; all others are refused. */
  | { readonly kind: 'probing'; readonly forMs: number; readonly tried: readonly string[] };

interface ClosedCircuit {
  readonly kind: 'closed';
  /** Failures since PayPay's latest answer, by order; few, because more orders open it. */
  readonly failing: readonly FailingOrder[];
  /** Orders that PayPay answered last, newest first; as many as may be needed. */
  readonly heard: readonly HeardOrder[];
}

interface OpenCircuit {
  readonly kind: 'open';
  readonly until: number;
  readonly forMs: number;
  /** Orders that have failed since its time last began, or that opened it. */
  readonly tried: readonly string[];
}

interface FailingOrder {
  readonly orderId: string;
  readonly failures: number;
  /** Of them those that were not merely unreadable. */
  readonly unavailable: number;
}

interface HeardOrder {
  readonly orderId: string;
  readonly at: number;
}

export interface CircuitSettings {
  readonly failuresToOpen: number;
  /** Orders that must be among the failures while PayPay answers others, or may yet answer them. */
  readonly ordersToOpen: number;
  /** How long an answer shows that PayPay is well. */
  readonly heardForMs: number;
  readonly openMs: number;
  readonly openMaxMs: number;
}

export const CLOSED: Circuit = { kind: 'closed', failing: [], heard: [] };

/** Whether a call about the order would be refused at `now`; asking changes nothing. */
export function refuses(
  circuit: Circuit,
  orderId: string,
  now: number,
  { ordersToOpen }: CircuitSettings,
): boolean {
  switch (circuit.kind) {
    case 'closed':
      return false;
    case 'open': {
      const { until, tried } = circuit;
      return now < until && (tried.length >= ordersToOpen || tried.includes(orderId));
    }
    case 'probing':
      return true;
  }
}

/** A call about the order begins. Throws when it is refused. */
export function begun(
  circuit: Circuit,
  orderId: string,
  now: number,
  settings: CircuitSettings,
): Circuit {
  if (refuses(circuit, orderId, now, settings)) throw new Error(`the circuit is ${circuit.kind}`);
  if (circuit.kind !== 'open') return circuit;
  const { forMs, until, tried } = circuit;
  return { kind: 'probing', forMs, tried: now < until ? tried : [] };
}

/** PayPay answered a call about the order, whatever it said. */
export function answered(
  circuit: Circuit,
  orderId: string,
  now: number,
  { ordersToOpen }: CircuitSettings,
): Circuit {
  // The answer to a call from before it opened says nothing about now.
  if (circuit.kind === 'open') return circuit;
  const before = circuit.kind === 'closed' ? circuit.heard : [];
  const others = before.filter((other) => other.orderId !== orderId);
  // One more than can fail without opening it, so that one who does not fail is among them.
  return {
    kind: 'closed',
    failing: [],
    heard: [{ orderId, at: now }, ...others.slice(0, ordersToOpen - 1)],
  };
}

/** A call about the order came to nothing. */
export function failed(
  circuit: Circuit,
  orderId: string,
  failure: CallFailure,
  now: number,
  settings: CircuitSettings,
): Circuit {
  switch (circuit.kind) {
    case 'closed': {
      const failing = counted(circuit.failing, orderId, failure);
      const next = { ...circuit, failing };
      if (!isOfPayPay(next, now, settings)) return next;
      const forMs = settings.openMs;
      return {
        kind: 'open',
        until: now + forMs,
        forMs,
        tried: failing.map((each) => each.orderId),
      };
    }
    case 'open':
      return circuit;
    case 'probing': {
      // What is unreadable may be of this order alone, and the others of a round tell no more.
      const factor = failure === 'unreadable' || circuit.tried.length > 0 ? 1 : 2;
      const forMs = Math.min(circuit.forMs * factor, settings.openMaxMs);
      return { kind: 'open', until: now + forMs, forMs, tried: [...circuit.tried, orderId] };
    }
  }
}

function isOfPayPay(
  { failing, heard }: ClosedCircuit,
  now: number,
  { failuresToOpen, ordersToOpen, heardForMs }: CircuitSettings,
): boolean {
  const failures = sum(failing, (order) => order.failures);
  if (failures >= failuresToOpen && failing.length >= ordersToOpen) return true;
  const speaksForIt = ({ orderId, at }: HeardOrder) =>
    now - at < heardForMs && !failing.some((order) => order.orderId === orderId);
  const unavailable = sum(failing, (order) => order.unavailable);
  return unavailable >= failuresToOpen && !heard.some(speaksForIt);
}

function counted(
  failing: readonly FailingOrder[],
  orderId: string,
  failure: CallFailure,
): readonly FailingOrder[] {
  const known = failing.find((order) => order.orderId === orderId);
  const others = failing.filter((order) => order.orderId !== orderId);
  const { failures, unavailable } = known ?? { failures: 0, unavailable: 0 };
  const more = failure === 'unavailable' ? 1 : 0;
  return [...others, { orderId, failures: failures + 1, unavailable: unavailable + more }];
}

function sum(failing: readonly FailingOrder[], count: (order: FailingOrder) => number): number {
  return failing.reduce((all, order) => all + count(order), 0);
}
