/**
 * Operators, who see alerts in the log and ask for what they may ask for: some repair, some look
 * again, some only take note, two of them want the same at once, and one comes too late. They know
 * an alert by its newest version, as on a screen, and write through the edge's own functions.
 */
import {
  acknowledgeRequested,
  actionRequested,
  noteRequested,
  reopenRequested,
  resolveRequested,
} from '../../edge/alert-request-events';
import type { Codec } from '../../platform/avro/codec';
import type { EventOf } from '../../schemas/event';
import { ALERT_RULES, type AlertAction } from '../../topics/alert-rules';
import { alertsLifecycle, alertsRaised, alertsRequests } from '../../topics/alerts';
import type { EventOn } from '../../topics/topic';
import type { MemoryCluster } from '../../streams/runtime/memory/memory-cluster';
import type { Edge } from './edge';
import { followLog } from './follow-log';
import type { Random } from './random';
import type { Scheduler } from './scheduler';

export interface OperatorOptions {
  readonly cluster: MemoryCluster;
  readonly codec: Codec;
  readonly partitions: number;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly edge: Edge;
}

type Raised = EventOf<'AlertRaised'>;
type Seen = EventOn<typeof alertsRaised> | EventOn<typeof alertsLifecycle>;

/** How often each story is told of an alert. */
const STORIES = {
  'looks on': 30,
  acknowledges: 6,
  'takes a note': 4,
  'asks PayPay': 8,
  repairs: 26,
  'repairs in two parts': 10,
  'repairs, as another one does': 10,
  'acts on what was long ago': 4,
  'does what the rule has no use for': 3,
  'settles it by hand': 5,
  'settles it by hand, and reopens it': 4,
} as const;

/** Chance that an operator refunds a part only. */
const PARTIAL_REFUND = 0.3;

const PROMPTLY_MS = [100, 3_000] as const;
const AFTERWARDS_MS = [500, 6_000] as const;
const EVERY_ACTION = [...new Set(Object.values(ALERT_RULES).flatMap(({ actions }) => actions))];

export class Operators {
  /** By alertId, as a screen shows it. */
  private readonly versions = new Map<string, number>();
  private requests = 0;

  constructor(private readonly options: OperatorOptions) {
    for (const { name } of [alertsRaised, alertsLifecycle]) {
      followLog(options, name, ({ value }) => {
        const decoded = options.codec.decode(value);
        if (decoded.kind === 'event') this.see(decoded.event as Seen);
      });
    }
  }

  private see(event: Seen): void {
    if ('version' in event) this.versions.set(event.alertId, event.version);
    if (event.type !== 'AlertRaised') return;
    this.versions.set(event.alertId, Math.max(1, this.versions.get(event.alertId) ?? 1));
    const random = this.options.random.fork(event.alertId);
    this.play(random.weighted(STORIES), event, random);
  }

  private play(story: keyof typeof STORIES, raised: Raised, random: Random): void {
    const soon = random.between(...PROMPTLY_MS);
    const later = soon + random.between(...AFTERWARDS_MS);
    const repair = random.pick(ALERT_RULES[raised.rule].actions);
    switch (story) {
      case 'looks on':
        break;
      case 'acknowledges':
        this.at(soon, () => this.acknowledge(raised));
        break;
      case 'takes a note':
        this.at(soon, () => this.note(raised));
        break;
      case 'asks PayPay':
        this.at(soon, () => this.act(raised, 'ASK_PAYPAY'));
        break;
      case 'repairs':
        this.at(soon, () => this.act(raised, repair));
        this.at(later, () => this.note(raised));
        break;
      case 'repairs in two parts':
        this.at(soon, () => this.act(raised, repair));
        this.at(later, () => this.act(raised, repair));
        break;
      case 'repairs, as another one does':
        this.at(soon, () => this.act(raised, repair));
        this.at(soon, () => this.act(raised, repair));
        this.at(later, () => this.act(raised, repair));
        break;
      case 'acts on what was long ago':
        this.at(soon, () => this.acknowledge(raised));
        this.at(later, () => this.act(raised, repair, 1));
        break;
      case 'does what the rule has no use for':
        this.at(soon, () => this.act(raised, random.pick(EVERY_ACTION)));
        break;
      case 'settles it by hand':
        this.at(later, () => this.resolve(raised));
        break;
      case 'settles it by hand, and reopens it':
        this.at(soon, () => this.resolve(raised));
        this.at(later, () => this.reopen(raised));
    }
  }

  private acknowledge(raised: Raised): void {
    const { edge } = this.options;
    const expectedVersion = this.versionOf(raised);
    edge.write(alertsRequests, acknowledgeRequested(this.source(raised), { expectedVersion }));
  }

  private note(raised: Raised): void {
    const { edge } = this.options;
    edge.write(alertsRequests, noteRequested(this.source(raised), { note: 'the shopper wrote' }));
  }

  private resolve(raised: Raised): void {
    const { edge } = this.options;
    const body = { expectedVersion: this.versionOf(raised), reason: 'settled by telephone' };
    edge.write(alertsRequests, resolveRequested(this.source(raised), body));
  }

  private reopen(raised: Raised): void {
    const { edge } = this.options;
    const body = { expectedVersion: this.versionOf(raised), reason: 'it was not settled' };
    edge.write(alertsRequests, reopenRequested(this.source(raised), body));
  }

  private act(raised: Raised, action: AlertAction, expectedVersion = this.versionOf(raised)): void {
    const { edge } = this.options;
    const body = { expectedVersion, action, reason: 'the shopper asked for it' };
    const isPart = action === 'REFUND' && this.options.random.chance(PARTIAL_REFUND);
    const part = isPart ? { amount: Math.max(1, Math.floor(raised.moneyAtRisk / 3)) } : {};
    edge.write(alertsRequests, actionRequested(this.source(raised), { ...body, ...part }));
  }

  private versionOf({ alertId }: Raised): number {
    return this.versions.get(alertId) ?? 1;
  }

  private source({ alertId, orderId }: Raised) {
    this.requests += 1;
    const requestId = `operator request ${this.requests}`;
    const at = this.options.scheduler.now;
    const who = { userId: 'ops', actor: 'ops@shop.example' };
    const keyed = { idempotencyKey: requestId, requestFingerprint: requestId };
    return { ...who, ...keyed, alertId, orderId, at, requestId };
  }

  private at(delayMs: number, act: () => void): void {
    this.options.scheduler.after(delayMs, act);
  }
}
