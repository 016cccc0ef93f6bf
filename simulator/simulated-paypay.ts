import { randomUUID } from 'node:crypto';
import type { Clock } from '../platform/clock';
import { CallCount } from './call-count';
import { ChangeFeed } from './change-feed';
import { Controls } from './controls';
import { SimulatorError } from './error';
import type { WebhookPlan } from './fault-plan';
import { FaultPlays } from './fault-plays';
import type { Action, HandControl, RefundCourse } from './hand-control';
import { drawCodeId, drawOutsideRefundId, drawPaymentId } from './identifier';
import type { Journal } from './journal';
import { Ledger } from './ledger';
import {
  hasLapsed,
  moneyOf,
  type Move,
  movePayment,
  newPayment,
  type Payment,
  type Refund,
  refundableOf,
} from './payment';
import type { Settings } from './settings';
import { webhookBody, webhookStateOf, type WebhookState } from './webhook-body';
import { WebhookLog, type Webhook, type WebhookOrigin } from './webhook-log';
import { WebhookSender } from './webhook-sender';

/**
 * The simulated PayPay without its HTTP: payments, the webhooks they cause, and what a developer
 * does to them. A move is recorded first and told by webhook afterwards, so a webhook never speaks
 * of what the API does not know.
 */
export interface SimulatedPayPayOptions {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly merchantId: string;
  readonly settings: Settings;
}

/** A code as a merchant asks for it. */
export interface NewCode {
  readonly merchantPaymentId: string;
  readonly amount: number;
  readonly description: string;
  readonly redirectUrl?: string;
  readonly isAuthorization: boolean;
}

export class SimulatedPayPay implements HandControl {
  readonly changes = new ChangeFeed();
  readonly controls: Controls;
  readonly ledger: Ledger;
  readonly log = new WebhookLog(() => this.changes.announce());
  readonly calls = new CallCount();
  readonly plays = new FaultPlays(this);
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  private readonly sender: WebhookSender;
  private readonly closing = new AbortController();
  /** Ends every wait when the simulator stops. */
  readonly closed: AbortSignal = this.closing.signal;

  constructor(private readonly options: SimulatedPayPayOptions) {
    const { clock, journal, settings } = options;
    this.startedAt = clock.now();
    this.controls = new Controls(settings);
    this.ledger = new Ledger(journal);
    this.sender = new WebhookSender({
      clock,
      log: this.log,
      url: () => this.controls.settings.webhookUrl,
    });
  }

  get now(): number {
    return this.options.clock.now();
  }

  get merchantId(): string {
    return this.options.merchantId;
  }

  createCode(code: NewCode): Payment {
    const { now } = this;
    const payment = newPayment({
      ...code,
      paymentId: drawPaymentId(),
      codeId: drawCodeId(),
      createdAt: now,
      expiresAt: now + this.controls.settings.codeLifetimeMs,
    });
    this.ledger.record(payment);
    this.changes.announce();
    this.plays.codeCreated(payment.merchantPaymentId);
    this.payByItself(payment);
    return payment;
  }

  /** Makes a move that was found legal, or throws ILLEGAL_MOVE; tells of it by webhook. */
  move(payment: Payment, move: Move, plan: WebhookPlan = {}): Payment {
    const result = movePayment(payment, move, this.now);
    if (result.kind === 'illegal') throw new SimulatorError('ILLEGAL_MOVE', result.message);
    const { payment: moved } = result;
    this.ledger.record(moved);
    this.changes.announce();
    const state = webhookStateOf(moved.status);
    // Deleting a code and letting it lapse are no news to the merchant: PayPay sends nothing.
    if (state !== undefined && move.kind !== 'delete-code' && move.kind !== 'lapse') {
      this.tell(moved, state, plan, 'payment');
    }
    return moved;
  }

  act(merchantPaymentId: string, action: Action, plan: WebhookPlan): Payment {
    const payment = this.payment(merchantPaymentId);
    switch (action.kind) {
      case 'refund':
        return this.refund(
          payment,
          {
            merchantRefundId: drawOutsideRefundId(),
            amount: action.amount ?? refundableOf(payment, this.now),
            reason: 'refunded at PayPay',
          },
          action,
        );
      default: {
        if (!('money' in action)) return this.move(payment, action, plan);
        const money = { ...moneyOf(payment), ...action.money };
        return this.move(payment, { kind: action.kind, money }, plan);
      }
    }
  }

  /** Carried out when, and if, its own course or else the settings say so. Throws ILLEGAL_MOVE. */
  refund(
    payment: Payment,
    refund: Pick<Refund, 'merchantRefundId' | 'amount' | 'reason'>,
    course: Partial<RefundCourse> = {},
  ): Payment {
    const { refundDelayMs, failRefunds } = this.controls.settings;
    const { delayMs = refundDelayMs, fails = failRefunds } = course;
    return this.move(payment, { kind: 'refund', ...refund, delayMs, fails });
  }

  payment(merchantPaymentId: string): Payment {
    const payment = this.ledger.find(merchantPaymentId);
    if (payment === undefined) {
      throw new SimulatorError('UNKNOWN_PAYMENT', `no payment ${merchantPaymentId}`);
    }
    return payment;
  }

  /** The same body once more, whatever the payment has become. */
  resend(webhookId: string, plan: WebhookPlan): Webhook {
    const webhook = this.log.find(webhookId);
    if (webhook === undefined) {
      throw new SimulatorError('UNKNOWN_WEBHOOK', `no webhook ${webhookId} in the log`);
    }
    return this.send(webhook.merchantPaymentId, webhook, plan, 'resent');
  }

  /** A webhook about a payment as it is, in a state that it need not be in. */
  forge(merchantPaymentId: string, state: WebhookState, plan: WebhookPlan): Webhook {
    return this.tell(this.payment(merchantPaymentId), state, plan, 'forged');
  }

  /** A webhook with any body whatever, such as one that overtakes its order. */
  forgeBody(merchantPaymentId: string, body: unknown, plan: WebhookPlan): Webhook {
    return this.send(merchantPaymentId, { body }, plan, 'forged');
  }

  /** Resolves once nothing is on its way any more. */
  async close(): Promise<void> {
    this.closing.abort();
    this.plays.close();
    await this.sender.close();
    this.ledger.close();
  }

  /** A webhook that is not even JSON. */
  forgeText(merchantPaymentId: string, text: string, plan: WebhookPlan): Webhook {
    return this.send(merchantPaymentId, { body: null, text }, plan, 'forged');
  }

  private tell(
    payment: Payment,
    state: WebhookState,
    own: WebhookPlan,
    origin: WebhookOrigin,
  ): Webhook {
    const { amount } = this.controls.effectivePlan(payment.merchantPaymentId, own);
    const body = webhookBody(payment, state, {
      merchantId: this.merchantId,
      at: this.now,
      ...(amount === undefined ? {} : { amount }),
    });
    return this.send(payment.merchantPaymentId, { body }, own, origin);
  }

  private send(
    merchantPaymentId: string,
    { body, text }: Pick<Webhook, 'body' | 'text'>,
    own: WebhookPlan,
    origin: WebhookOrigin,
  ): Webhook {
    const webhook: Webhook = {
      webhookId: randomUUID(),
      origin,
      merchantPaymentId,
      body,
      ...(text === undefined ? {} : { text }),
      plan: this.controls.effectivePlan(merchantPaymentId, own),
      createdAt: this.now,
      phase: 'waiting',
      attempts: [],
    };
    this.sender.send(webhook);
    return webhook;
  }

  private payByItself({ merchantPaymentId }: Payment): void {
    const { autoPay } = this.controls.settings;
    if (autoPay.kind === 'off') return;
    void this.options.clock.sleep(autoPay.delayMs, this.closing.signal).then(() => {
      const payment = this.ledger.find(merchantPaymentId);
      // Somebody may have been faster, or the shop may have given up: both are fine.
      if (this.closing.signal.aborted || payment?.status !== 'CREATED') return;
      if (payment.code === 'live' && !hasLapsed(payment, this.now)) {
        this.move(payment, { kind: 'pay' });
      }
    });
  }
}
