/**
 * The orders of a chaos run: placed over HTTP at a steady rate, each with what its plan says of its
 * payment. What always holds: an order that is not taken is retried with the same key until it
 * is; no more are open at once than the limit, so a part that is away makes shoppers wait rather
 * than a backlog grow.
 */
import type { Codec } from '../../platform/avro/codec';
import { CROWD_AT_ONCE, type Crowd, type CrowdOrder } from '../scenarios/crowd';
import { EdgeRefusedError } from '../scenarios/edge-client';
import type { SimulatorClient } from '../../simulator/client';
import { Random } from '../simulation/random';
import { systemClock } from '../../platform/clock';
import { ordersEvents } from '../../topics/orders';
import { drawOrder, type OrderPlan } from './order-plan';
import type { ReadAlong } from './read-along';

export interface LoadOptions {
  readonly orders: number;
  readonly ratePerS: number;
  readonly seed: number;
  readonly crowd: Crowd;
  readonly paypay: SimulatorClient;
  readonly log: ReadAlong;
  readonly codec: Codec;
  readonly stop: AbortSignal;
}

/** Placed, and neither paid nor failed: what comes while a killed process starts again. */
const OPEN_MAX = 1_000;
/** Longer than anything that is killed is away; after that the saga is stalled for good. */
const STANDSTILL_MS = 240_000;
const LOOK_EVERY_MS = 20;
const TRY_AGAIN_MS = 200;
const SHOWN_MAX = 3;
/** The longest that any part may be away. */
const TAKEN_WITHIN_MS = 300_000;
/** A code is over by then; a cancellation that comes later changes nothing. */
const CANCEL_WITHIN_MS = 60_000;

export class Load {
  /** Orders that the edge has answered 202, which is a promise. */
  readonly accepted: string[] = [];
  /** Times that an order had to be retried. */
  retries = 0;
  private readonly open = new Set<string>();
  private readonly cancelling: Promise<void>[] = [];
  private readonly random: Random;
  private begun = 0;
  private movedAt = systemClock.now();

  constructor(private readonly options: LoadOptions) {
    this.random = new Random(options.seed).fork('orders');
    options.log.watch(({ topic }, { value }) => {
      if (topic === ordersEvents.name) this.read(value);
    });
  }

  get placed(): number {
    return this.accepted.length;
  }

  /** Rejects when an order is refused for good. */
  async run(): Promise<void> {
    const startedAt = systemClock.now();
    this.movedAt = startedAt;
    const worker = async () => {
      while (this.begun < this.options.orders && !this.options.stop.aborted) {
        const index = this.begun;
        this.begun += 1;
        await this.turn(startedAt + (index / this.options.ratePerS) * 1_000);
        await this.order(index);
      }
    };
    await Promise.all(Array.from({ length: CROWD_AT_ONCE }, worker));
    await Promise.all(this.cancelling);
  }

  private async turn(dueAt: number): Promise<void> {
    while (
      (systemClock.now() < dueAt || this.open.size >= OPEN_MAX) &&
      !this.options.stop.aborted
    ) {
      this.refuseStandstill();
      await systemClock.sleep(LOOK_EVERY_MS);
    }
  }

  private refuseStandstill(): void {
    if (this.open.size === 0 || systemClock.now() - this.movedAt < STANDSTILL_MS) return;
    const some = [...this.open].slice(0, SHOWN_MAX).join(', ');
    throw new Error(
      `The saga makes no progress: of ${this.open.size} open orders none ended within ` +
        `${STANDSTILL_MS} ms (seed ${this.options.seed}; ${some}, …)`,
    );
  }

  private async order(index: number): Promise<void> {
    const { crowd, paypay, seed } = this.options;
    const plan = drawOrder(this.random.fork(String(index)), seed, index);
    const order = crowd.next();
    const { orderId } = order;
    if (plan.endsByItself) this.open.add(orderId);
    await paypay.assignFaults(orderId, plan.faults);
    await this.insist(() => order.place(), TAKEN_WITHIN_MS, isPassing);
    this.accepted.push(orderId);
    this.cancelLater(order, plan);
  }

  private cancelLater(order: CrowdOrder, { cancelAfterMs }: OrderPlan): void {
    if (cancelAfterMs === undefined) return;
    const cancel = async () => {
      await systemClock.sleep(cancelAfterMs, this.options.stop);
      await this.insist(() => order.cancel('changed my mind'), CANCEL_WITHIN_MS, isTooEarly);
    };
    // Refused because it has ended: as good.
    this.cancelling.push(cancel().catch(() => undefined));
  }

  private async insist(
    act: () => Promise<unknown>,
    withinMs: number,
    mayPass: (error: unknown) => boolean,
  ): Promise<void> {
    const giveUpAt = systemClock.now() + withinMs;
    for (;;) {
      try {
        await act();
        return;
      } catch (error) {
        if (!mayPass(error) || systemClock.now() > giveUpAt || this.options.stop.aborted) {
          throw error;
        }
        this.retries += 1;
        await systemClock.sleep(TRY_AGAIN_MS);
      }
    }
  }

  private read(value: Buffer | null): void {
    const decoded = this.options.codec.decode(value);
    if (decoded.kind !== 'event') return;
    const { event } = decoded;
    if (event.type !== 'OrderPaid' && event.type !== 'OrderFailed') return;
    this.open.delete(event.orderId);
    this.movedAt = systemClock.now();
  }
}

/** Anything but a refusal for good: a part is away, or the connection broke. */
function isPassing(error: unknown): boolean {
  return !(error instanceof EdgeRefusedError) || error.status >= 500;
}

/** The read models need not know the order yet. */
function isTooEarly(error: unknown): boolean {
  return isPassing(error) || (error instanceof EdgeRefusedError && error.status === 404);
}
