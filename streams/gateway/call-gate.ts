/**
 * Where calls wait until one more may be in flight and the budget allows it, in the order of the
 * call queue. The merchant's budget is divided by partitions: a process calls as often as its part
 * of them allows, so all processes together keep to it.
 */
import type { Clock } from '../../platform/clock';
import {
  fullBucket,
  giveBack,
  pause,
  spend,
  type TokenBucket,
  type TokenRate,
} from '../../platform/token-bucket';
import { CallQueue, type Waiting } from './call-queue';
import type { GatewaySettings } from './settings';

interface Waiter extends Waiting {
  enter(): void;
}

export class CallGate {
  private readonly queue = new CallQueue<Waiter>();
  private rate: TokenRate;
  private budget: TokenBucket;
  private inFlight = 0;
  private sleeping = false;

  constructor(
    private readonly settings: GatewaySettings,
    private readonly clock: Clock,
  ) {
    this.rate = { perSecond: settings.callsPerSecond, burst: settings.callsBurst };
    this.budget = fullBucket(this.rate, clock.now());
  }

  get load(): { readonly waiting: number; readonly inFlight: number } {
    return { waiting: this.queue.length, inFlight: this.inFlight };
  }

  /** Resolves to true once a call may begin, which `leave` must end; to false on `signal`. */
  enter(waiting: Waiting, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const giveUp = () => {
        this.queue.remove(waiter);
        resolve(false);
      };
      const waiter: Waiter = {
        urgency: waiting.urgency,
        since: waiting.since,
        enter: () => {
          signal.removeEventListener('abort', giveUp);
          resolve(true);
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.queue.add(waiter);
      this.admit();
    });
  }

  /** A call that PayPay was spared costs nothing. */
  leave(what: 'called' | 'not-called'): void {
    this.inFlight -= 1;
    if (what === 'not-called') this.budget = giveBack(this.budget);
    this.admit();
  }

  /** PayPay asked for less. */
  pause(): void {
    const { rateLimitPauseMs } = this.settings;
    this.budget = pause(this.budget, this.clock.now(), rateLimitPauseMs, this.rate);
  }

  /** How much of the merchant's budget is this process's; more than 0, up to 1. */
  takeShare(share: number): void {
    const { callsPerSecond, callsBurst } = this.settings;
    this.rate = {
      perSecond: callsPerSecond * share,
      burst: Math.max(1, callsBurst * share),
    };
    this.admit();
  }

  private admit(): void {
    while (this.inFlight < this.settings.callsInFlightMax && !this.queue.isEmpty) {
      const spending = spend(this.budget, this.clock.now(), this.rate);
      if (spending.kind === 'empty') {
        void this.admitIn(spending.waitMs);
        return;
      }
      this.budget = spending.bucket;
      this.inFlight += 1;
      this.queue.next()?.enter();
    }
  }

  private async admitIn(waitMs: number): Promise<void> {
    if (this.sleeping) return;
    this.sleeping = true;
    await this.clock.sleep(waitMs);
    this.sleeping = false;
    this.admit();
  }
}
