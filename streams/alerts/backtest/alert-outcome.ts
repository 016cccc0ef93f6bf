/**
 * What became of each alert within a span of log time, told from the events that the alerts app
 * writes: those that stand on its topics, or those of a run that wrote nothing. The two are compared
 * by it, so it holds what is a function of the log and nothing else.
 *
 *   since 100, until 500   raised 90, resolved 120     not in it
 *                          raised 120, resolved 600    in it, open
 *   (test: "an alert counts when it was detected within the span, and ends within it or is open")
 */
import type { AnyEvent, EventOf } from '../../../schemas/event';

/** Log time, ms since the epoch; `since` inclusive, `until` exclusive. */
export interface Span {
  readonly since: number;
  readonly until: number;
}

type Raised = EventOf<'AlertRaised'>;

export interface AlertOutcome {
  readonly alertId: string;
  readonly rule: Raised['rule'];
  readonly orderId: string;
  readonly detectedAt: number;
  /** Whole units of the currency. */
  readonly moneyAtRisk: number;
  readonly currency: string;
  readonly observed: string;
  readonly evidence: readonly EvidencePlace[];
  /** How often it was raised: once, and once for each repeat. */
  readonly count: number;
  readonly end: AlertEnd;
}

export type AlertEnd =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'resolved';
      readonly at: number;
      readonly by: EventOf<'AlertResolved'>['resolvedBy'];
    };

/** Where a fact stands: enough to find the record. */
export type EvidencePlace = Pick<
  Raised['evidence'][number],
  'topic' | 'partition' | 'offset' | 'type'
>;

/** Source of truth for the outcomes of one side; takes the events of an alert in their order. */
export class AlertOutcomes {
  private readonly outcomes = new Map<string, AlertOutcome>();

  constructor(private readonly span: Span) {}

  /** Events of another kind, about an alert of another time, or after the span, change nothing. */
  take(event: AnyEvent): void {
    switch (event.type) {
      case 'AlertRaised':
        if (event.detectedAt >= this.span.since && event.detectedAt < this.span.until) {
          // A redelivery of the same alert must not take back what became of it.
          if (!this.outcomes.has(event.alertId)) this.outcomes.set(event.alertId, begun(event));
        }
        return;
      case 'AlertRepeated':
        this.change(event, (outcome) => ({ ...outcome, count: event.count }));
        return;
      case 'AlertResolved': {
        const { occurredAt: at, resolvedBy: by } = event;
        this.change(event, (outcome) => ({ ...outcome, end: { kind: 'resolved', at, by } }));
        return;
      }
      case 'AlertReopened':
        this.change(event, (outcome) => ({ ...outcome, end: { kind: 'open' } }));
        return;
      default:
        return;
    }
  }

  /** By the alert's id. */
  get byId(): ReadonlyMap<string, AlertOutcome> {
    return this.outcomes;
  }

  private change(
    { alertId, occurredAt }: { readonly alertId: string; readonly occurredAt: number },
    change: (outcome: AlertOutcome) => AlertOutcome,
  ): void {
    const outcome = this.outcomes.get(alertId);
    if (outcome !== undefined && occurredAt < this.span.until) {
      this.outcomes.set(alertId, change(outcome));
    }
  }
}

function begun(event: Raised): AlertOutcome {
  const { alertId, rule, orderId, detectedAt, moneyAtRisk, currency, observed } = event;
  const evidence = event.evidence.map(({ topic, partition, offset, type }) => ({
    topic,
    partition,
    offset,
    type,
  }));
  const end = { kind: 'open' } as const;
  const facts = { alertId, rule, orderId, detectedAt, moneyAtRisk, currency, observed };
  return { ...facts, evidence, count: 1, end };
}
