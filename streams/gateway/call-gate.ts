/**
 * Where calls wait until one more may be under way and the budget allows it: first come, first
 * served. That is fair between orders and partitions, because each order has one call at the gate
 * at most, and each partition a bounded number.
 */
import type { Clock } from '../runtime/clock';
import { fullBudget, pause, spend, type Budget } from './call-budget';
import type { GatewaySettings } from './settings';

interface Waiter {
  enter(): void;
}

export class CallGate {
  private readonly waiting = new Set<Waiter>();
  private budget: Budget;
  private inFlight = 0;
  private sleeping = false;

  constructor(
    private readonly settings: GatewaySettings,
    private readonly clock: Clock,
  ) {
    this.budget = fullBudget(settings, clock.now());
  }

  /** Resolves to true once a call may begin, which `leave` must end; to false on `signal`. */
  enter(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const giveUp = () => {
        this.waiting.delete(waiter);
        resolve(false);
      };
      const waiter: Waiter = {
        enter: () => {
          signal.removeEventListener('abort', giveUp);
          resolve(true);
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.waiting.add(waiter);
      this.admit();
    });
  }

  leave(): void {
    this.inFlight -= 1;
    this.admit();
  }

  /** PayPay asked for less. */
  pause(): void {
    const { rateLimitPauseMs } = this.settings;
    this.budget = pause(this.budget, this.clock.now(), rateLimitPauseMs, this.settings);
  }

  private admit(): void {
    while (this.inFlight < this.settings.callsInFlightMax) {
      const [waiter] = this.waiting;
      if (waiter === undefined) return;
      const spending = spend(this.budget, this.clock.now(), this.settings);
      if (spending.kind === 'empty') {
        void this.admitIn(spending.waitMs);
        return;
      }
      this.budget = spending.budget;
      this.inFlight += 1;
      this.waiting.delete(waiter);
      waiter.enter();
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
