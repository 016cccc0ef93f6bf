/**
 * Tells the condition PAYPAY_DEGRADED when this process sees it change, in the transaction of the
 * answer that changed it. The first answer after a start tells too, whatever it is: a predecessor
 * may have left another one. Of several processes the last one stands; all of them see the same
 * PayPay.
 */
import { header } from '../../schemas/header';
import type { EventOf } from '../../schemas/event';
import { inWords, noted, wellSince, type Noted, type PayPayHealth } from './paypay-health';
import type { GatewayRequest } from './result-event';
import type { GatewaySettings } from './settings';

export class ConditionReport {
  private health: PayPayHealth | undefined;
  private told: boolean | undefined;

  constructor(private readonly settings: GatewaySettings) {}

  note(request: Noted, now: number): void {
    const health = this.health ?? wellSince(now);
    this.health = noted(health, request, now, this.settings.health);
  }

  /** What is to be told with the answer to `request`, once. */
  take(request: GatewayRequest, now: number): EventOf<'Condition'> | undefined {
    const { health } = this;
    if (health === undefined || this.told === health.degraded) return undefined;
    this.told = health.degraded;
    return {
      type: 'Condition',
      ...header({ id: request.eventId, at: now }, 'condition/PAYPAY_DEGRADED', request.orderId),
      condition: 'PAYPAY_DEGRADED',
      active: health.degraded,
      since: health.since,
      detail: inWords(health, this.settings.health),
    };
  }

  /** What was told may not have been committed. */
  tellAgain(): void {
    this.told = undefined;
  }
}
