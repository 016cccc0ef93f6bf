/**
 * What must come of a whole log, said without a state, without timers and without reading order:
 * every trigger opens a span that its cure closes, and spans that overlap are one alert. Shares
 * nothing with the rules but their text.
 */
import type { AlertEvent } from '../../../streams/alerts/alert';
import type { AlertsSettings } from '../../../streams/alerts/settings';
import type { EventOf } from '../../../schemas/event';
import type { LogPosition } from '../../../streams/runtime/app';

/** What the rules look at. */
export type FactEvent = EventOf<
  | 'OrderWaitingPayment'
  | 'OrderPaid'
  | 'OrderFailed'
  | 'PaymentSucceeded'
  | 'PaymentFailed'
  | 'PaymentExpired'
  | 'PaymentRefunded'
>;

/** One event of one order; the log is in the order of its topics. */
export interface LoggedFact {
  readonly event: FactEvent;
  readonly position: LogPosition;
}

export interface ExpectedAlert {
  readonly rule: string;
  readonly trigger: string;
  readonly detectedAt: number;
  readonly deadline: number | null;
  readonly repeatedBy: readonly string[];
  readonly resolved: 'no' | { readonly at: number; readonly by: string };
}

/** From `from` to `to` on some scale, both inclusive; the cure is the event that ends it. */
interface Span {
  readonly trigger: string;
  readonly from: number;
  readonly to: number;
  readonly cure: string | undefined;
  /** Place of the cure in the log, among cures of the same moment. */
  readonly curePlace?: number;
}

interface Known {
  readonly at: number;
  readonly event: FactEvent;
}

type Success = Extract<FactEvent, { type: 'PaymentSucceeded' }>;
type Paid = Extract<FactEvent, { type: 'OrderPaid' }>;

export function expectedAlerts(
  log: readonly LoggedFact[],
  settings: AlertsSettings,
): readonly ExpectedAlert[] {
  const seen = new Set<string>();
  const facts = log
    .filter(({ event }) => !seen.has(event.eventId) && seen.add(event.eventId))
    .map(({ event, position }) => ({ at: position.timestamp, event }));
  return [
    ...expectedA(facts, settings.ruleAGraceMs),
    ...expectedB(facts, settings.ruleBGraceMs),
    ...expectedC(facts),
    ...expectedD(facts),
    ...expectedE(facts),
  ];
}

/** The same shape from what the app wrote. */
export function alertsIn(events: readonly AlertEvent[]): readonly ExpectedAlert[] {
  return events.flatMap((raised) => {
    if (raised.type !== 'AlertRaised') return [];
    const own = events.filter(({ alertId }) => alertId === raised.alertId);
    const end = own.find(({ type }) => type === 'AlertResolved');
    return [
      {
        rule: raised.rule,
        trigger: raised.causationId,
        detectedAt: raised.detectedAt,
        deadline: raised.deadline,
        repeatedBy: own.flatMap((event) =>
          event.type === 'AlertRepeated' ? [event.causationId] : [],
        ),
        resolved: end === undefined ? 'no' : { at: end.occurredAt, by: end.causationId },
      },
    ];
  });
}

function expectedA(facts: readonly Known[], graceMs: number): readonly ExpectedAlert[] {
  const waiting = facts.find(({ event }) => event.type === 'OrderWaitingPayment');
  const ending = facts.find(({ event }) => isEnding(event));
  const spans = moneyIn(facts).flatMap(({ at, event }): Span[] => {
    const deadline = at + graceMs;
    const answers = [waiting, ending].filter(
      (fact): fact is Known => fact !== undefined && isAnswer(fact.event, event),
    );
    if (answers.some((answer) => answer.at < deadline)) return [];
    const [first] = answers.sort((a, b) => a.at - b.at);
    const to = first?.at ?? Infinity;
    const curePlace = first === undefined ? -1 : facts.indexOf(first);
    return [{ trigger: event.eventId, from: deadline, to, cure: first?.event.eventId, curePlace }];
  });
  return alertsOf('RULE_A', spans, (from) => ({ detectedAt: from, deadline: from }), identity);
}

function expectedC(facts: readonly Known[]): readonly ExpectedAlert[] {
  const failed = facts.find(({ event }) => event.type === 'OrderFailed');
  return failed === undefined ? [] : expectedUntilRefunded('RULE_C', facts, failed.at, () => true);
}

function expectedE(facts: readonly Known[]): readonly ExpectedAlert[] {
  const order =
    facts.find(({ event }) => event.type === 'OrderWaitingPayment') ??
    facts.find(({ event }) => event.type === 'OrderPaid');
  if (order === undefined) return [];
  const isWrong = (success: Success) => isWrongAmount(success, order.event);
  return expectedUntilRefunded('RULE_E', facts, order.at, isWrong);
}

function expectedUntilRefunded(
  rule: string,
  facts: readonly Known[],
  since: number,
  concerns: (success: Success) => boolean,
): readonly ExpectedAlert[] {
  const news = newsIn(facts);
  const spans = moneyIn(facts)
    .filter(({ event }) => concerns(event))
    .map(({ event }): Span => {
      const from = news.findIndex((fact) => fact.event === event);
      const refund = returnOf(event, news);
      const to = refund < 0 ? Infinity : Math.max(from, refund);
      return { trigger: event.eventId, from, to, cure: news[refund]?.event.eventId };
    });
  const timeOf = (index: number) => Math.max(news[index]?.at ?? Infinity, since);
  return alertsOf(rule, spans, (from) => ({ detectedAt: timeOf(from), deadline: null }), timeOf);
}

function expectedD(facts: readonly Known[]): readonly ExpectedAlert[] {
  const news = newsIn(facts);
  const money = moneyIn(facts);
  const timeOf = (index: number) => news[index]?.at ?? Infinity;
  const [, ...again] = money;
  const spans = again.map(({ event }): Span => {
    const from = news.findIndex((fact) => fact.event === event);
    const steps = news.map((_, index) => index).filter((index) => index >= from);
    const to = steps.find((index) => {
      const until = news.slice(0, index + 1);
      const charged = money.filter((fact) => until.includes(fact));
      return charged.filter((fact) => returnOf(fact.event, until) < 0).length <= 1;
    });
    const until = news.slice(0, (to ?? -1) + 1);
    const returns = money
      .filter((fact) => until.includes(fact))
      .map((fact) => returnOf(fact.event, until))
      .sort((a, b) => b - a);
    return {
      trigger: event.eventId,
      from,
      to: to ?? Infinity,
      cure: news[returns[0] ?? -1]?.event.eventId,
    };
  });
  return alertsOf(
    'RULE_D',
    spans,
    (from) => ({ detectedAt: timeOf(from), deadline: null }),
    timeOf,
  );
}

/** Judges every moment by itself; an alert is a run of moments at which the rule holds. */
function expectedB(facts: readonly Known[], graceMs: number): readonly ExpectedAlert[] {
  const paid = facts.find(({ event }) => event.type === 'OrderPaid');
  if (paid?.event.type !== 'OrderPaid') return [];
  const order: Paid = paid.event;
  const deadline = paid.at + graceMs;
  const news = newsIn(facts);
  const upTo = (time: number) => news.filter(({ at }) => at <= time);
  const moments = [
    { at: paid.at, place: 0, known: upTo(paid.at) },
    { at: deadline, place: 1, known: news.filter(({ at }) => at < deadline) },
    ...news.flatMap((fact, index) =>
      fact.at > paid.at ? [{ at: fact.at, place: index + 2, known: news.slice(0, index + 1) }] : [],
    ),
  ].sort((a, b) => a.at - b.at || a.place - b.place);
  const alerts: ExpectedAlert[] = [];
  let running: ExpectedAlert | undefined;
  for (const { at, place, known } of moments) {
    const own = news[place - 2]?.event.eventId;
    const culprit = culpritIn(order, known);
    const fires = culprit !== 'none' && (culprit !== 'nothing known' || at >= deadline);
    const by = culprit === 'nothing known' ? (own ?? order.eventId) : culprit;
    if (fires && running === undefined) {
      const grace = culprit === 'nothing known' && own === undefined;
      running = {
        rule: 'RULE_B',
        trigger: by,
        detectedAt: at,
        deadline: grace ? deadline : null,
        repeatedBy: [],
        resolved: 'no',
      };
    } else if (fires && running !== undefined && culprit === own) {
      running = { ...running, repeatedBy: [...running.repeatedBy, by] };
    } else if (!fires && running !== undefined) {
      alerts.push({ ...running, resolved: { at, by: own ?? 'nothing' } });
      running = undefined;
    }
  }
  return running === undefined ? alerts : [...alerts, running];
}

/** The eventId of what speaks against the order; 'none' when a payment stands behind it. */
function culpritIn(paid: Paid, known: readonly Known[]): string {
  const words = known.map(({ event }, index) => ({ event, index, said: saidIn(known, index) }));
  const last = words.filter((word) =>
    words.every(
      (other) =>
        paymentOf(other.event) !== paymentOf(word.event) ||
        other.said < word.said ||
        (other.said === word.said && other.index <= word.index),
    ),
  );
  const good = last.some(
    ({ event }) =>
      event.type === 'PaymentSucceeded' ||
      (event.type === 'PaymentRefunded' && event.requestedHere),
  );
  if (good) return 'none';
  const against = last.filter(({ said }) => said >= paid.paidAt);
  if (against.length === 0) return 'nothing known';
  return against.reduce((a, b) =>
    b.said > a.said || (b.said === a.said && b.index > a.index) ? b : a,
  ).event.eventId;
}

function paymentOf(event: FactEvent): string {
  return 'merchantPaymentId' in event ? event.merchantPaymentId : '';
}

/** A success that was told before is as new as the newest word on its payment so far. */
function saidIn(known: readonly Known[], index: number): number {
  const event = known[index]?.event;
  if (event === undefined) throw new Error(`no news ${String(index)}`);
  const earlier = known.slice(0, index).map((fact) => fact.event);
  const again =
    event.type === 'PaymentSucceeded' &&
    earlier.some(
      (other) => other.type === 'PaymentSucceeded' && other.paymentId === event.paymentId,
    );
  const said = earlier.map((other, place) =>
    again && paymentOf(other) === paymentOf(event) ? saidIn(known, place) : 0,
  );
  return Math.max(saidAt(event), ...said);
}

function saidAt(event: FactEvent): number {
  switch (event.type) {
    case 'PaymentSucceeded':
      return event.settledBy === 'OPERATOR' ? event.occurredAt : event.paidAt;
    case 'PaymentFailed':
    case 'PaymentRefunded':
      return event.observedAt;
    case 'PaymentExpired':
      return event.expiredAt;
    default:
      throw new Error(`${event.type} is not a payment event`);
  }
}

/** Spans that overlap become one alert: the first triggers it, the others repeat it. */
function alertsOf(
  rule: string,
  spans: readonly Span[],
  raisedAt: (from: number) => Pick<ExpectedAlert, 'detectedAt' | 'deadline'>,
  timeOf: (to: number) => number,
): readonly ExpectedAlert[] {
  const groups: Span[][] = [];
  for (const span of spans) {
    const group = groups.at(-1);
    const end = Math.max(...(group ?? []).map(({ to }) => to));
    if (group !== undefined && span.from <= end) group.push(span);
    else groups.push([span]);
  }
  return groups.flatMap((group) => {
    const [first, ...others] = group;
    if (first === undefined) return [];
    const last = [...group]
      .sort((a, b) => a.to - b.to || (a.curePlace ?? 0) - (b.curePlace ?? 0))
      .at(-1);
    return [
      {
        rule,
        trigger: first.trigger,
        ...raisedAt(first.from),
        repeatedBy: others.map(({ trigger }) => trigger),
        resolved:
          last?.cure === undefined || last.to === Infinity
            ? ('no' as const)
            : { at: timeOf(last.to), by: last.cure },
      },
    ];
  });
}

function newsIn(facts: readonly Known[]): readonly Known[] {
  return facts.filter(({ event }) => event.type.startsWith('Payment'));
}

/** The first success of each payment, by PayPay's id. */
function moneyIn(facts: readonly Known[]): readonly { at: number; event: Success }[] {
  const first = new Map<string, { at: number; event: Success }>();
  for (const fact of facts) {
    const { event } = fact;
    if (event.type !== 'PaymentSucceeded' || first.has(event.paymentId)) continue;
    // The fact itself, so that it can be found again by identity.
    first.set(event.paymentId, fact as { at: number; event: Success });
  }
  return [...first.values()];
}

/** Index of the refund that made the return of a payment full; -1 while it is not. */
function returnOf({ paymentId, amount }: Success, news: readonly Known[]): number {
  return news.findIndex((_, index) => {
    const sums = news
      .slice(0, index + 1)
      .map(({ event }) =>
        event.type === 'PaymentRefunded' && event.paymentId === paymentId ? event.amount : 0,
      );
    return sums.at(-1) !== 0 && sums.reduce((a, b) => a + b, 0) >= amount;
  });
}

function isEnding({ type }: FactEvent): boolean {
  return type === 'OrderPaid' || type === 'OrderFailed';
}

/** An ending answers any payment; a waiting order answers one that is not the right one. */
function isAnswer(order: FactEvent, success: Success): boolean {
  return isEnding(order) || isWrongAmount(success, order);
}

function isWrongAmount({ amount, currency }: Success, order: FactEvent): boolean {
  switch (order.type) {
    case 'OrderWaitingPayment':
      return amount !== order.totalAmount || currency !== order.currency;
    case 'OrderPaid':
      return amount !== order.amount || currency !== order.currency;
    default:
      throw new Error(`${order.type} says nothing of an amount`);
  }
}

const identity = (time: number) => time;
