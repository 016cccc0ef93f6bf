/**
 * No false alarm on catch-up (T1), shown on a real log: orders in full consistency are written over
 * both topics while the alerts app is down; then it is started and reads all of it at once.
 *
 *   grace 10 s, log time, s    0  PaymentSucceeded and OrderPaid of many orders, each pair in time
 *                              0  one of the two of the late ones
 *                             11  the other one of the late ones
 *                             12  the last payments, which nobody will answer; the app is started
 *                             22  their deadline
 *
 * What is due earlier has fired by the time that the last payment of a partition is an alert, and
 * that alert shows that the app raises any at all.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Codec } from '../../platform/avro/codec';
import type { EventOf } from '../../schemas/event';
import { eventId } from '../../schemas/event-id';
import { orderHeader } from '../../schemas/header';
import { partitionName, type Broker, type NewRecord } from '../../streams/runtime/broker';
import type { EventProducer } from '../../streams/runtime/kafka/event-producer';
import { partitionFor } from '../../streams/runtime/kafka/partitioner';
import { alertsLifecycle, alertsRaised } from '../../topics/alerts';
import { ordersEvents } from '../../topics/orders';
import { paymentsEvents } from '../../topics/payments';
import type { EventOn } from '../../topics/topic';

export interface DowntimeProof {
  readonly broker: Broker;
  readonly producer: EventProducer;
  /** Knows the ids of both topics and of the alerts'. */
  readonly codec: Codec;
  readonly partitions: number;
  /** Of rules A and B, as the app is set. */
  readonly graceMs: number;
  readonly orders: number;
  /** Orders on top whose answer comes too late. */
  readonly late: number;
  /** Starts the alerts app; resolves once it works, to how it is stopped. */
  readonly startApp: () => Promise<() => Promise<void>>;
  readonly say: (line: string) => void;
}

export interface DowntimeVerdict {
  readonly inTime: number;
  readonly late: number;
  /** Alerts of orders that were answered in time. */
  readonly falseAlarms: number;
  /** Late orders by what became of them. */
  readonly raisedOnce: number;
  readonly resolved: number;
  /** From the start of the app until it had read everything, ms. */
  readonly caughtUpMs: number;
  readonly holds: boolean;
}

/** Orders written before the first of them has its answer: seconds, whatever the machine. */
const WAVE_ORDERS = 1_000;
const RECORDS_PER_SEND = 5_000;
const SEND_WITHIN_MS = 30_000;
const POLL_MS = 200;
const APP_WITHIN_MS = 10 * 60_000;
const AMOUNT = 1_200;

/** Rejects when the machine was too slow to write an answer within the grace. */
export async function proveDowntime(proof: DowntimeProof): Promise<DowntimeVerdict> {
  const { say } = proof;
  // It has worked before, so that this is a downtime and not a first start.
  await (
    await proof.startApp()
  )();
  const run = new Run(proof);
  await run.begin();
  say('the alerts app is down');
  await run.writeInTime();
  await run.writeLate();
  await run.writeLast();
  const stop = await proof.startApp();
  try {
    say('the alerts app is started');
    return await run.judge(Date.now());
  } finally {
    await stop();
  }
}

class Run {
  private readonly id = eventId('downtime-proof', String(Date.now()));
  private from: ReadonlyMap<string, number> = new Map();
  private readonly inTime: ReadonlySet<string>;
  private readonly late: ReadonlySet<string>;
  private readonly last: ReadonlySet<string>;

  constructor(private readonly proof: DowntimeProof) {
    this.inTime = this.orderIds('in-time', proof.orders);
    this.late = this.orderIds('late', proof.late);
    this.last = this.oneInEveryPartition();
  }

  async begin(): Promise<void> {
    this.from = await this.proof.broker.highWatermarks(this.alertPlaces());
  }

  /** In waves, one topic before the other, in turns: what is read first must not matter. */
  async writeInTime(): Promise<void> {
    const { graceMs, say } = this.proof;
    const orders = [...this.inTime];
    const began = Date.now();
    for (let from = 0; from < orders.length; from += WAVE_ORDERS) {
      const wave = orders.slice(from, from + WAVE_ORDERS);
      const halves = [wave.map((id) => this.success(id)), wave.map((id) => this.paid(id))];
      const waveBegan = Date.now();
      await this.write(wave.map((id) => this.waiting(id)));
      for (const half of (from / WAVE_ORDERS) % 2 === 0 ? halves : halves.reverse()) {
        await this.write(half);
      }
      const tookMs = Date.now() - waveBegan;
      if (tookMs >= graceMs) {
        throw new Error(`a wave took ${String(tookMs)} ms, more than the grace; use a longer one`);
      }
    }
    say(`${String(orders.length)} orders written, each answered in time (${secondsSince(began)})`);
  }

  /** Half of them lack the order's answer (rule A), half the payment's (rule B). */
  async writeLate(): Promise<void> {
    const { graceMs, say } = this.proof;
    const orders = [...this.late];
    if (orders.length === 0) return;
    await this.write(orders.map((id) => this.waiting(id)));
    await this.write(orders.map((id, at) => (at % 2 === 0 ? this.success(id) : this.paid(id))));
    await pause(graceMs + POLL_MS);
    await this.write(orders.map((id, at) => (at % 2 === 0 ? this.paid(id) : this.success(id))));
    say(`${String(orders.length)} orders written, each answered after the grace`);
  }

  async writeLast(): Promise<void> {
    await this.write([...this.last].map((id) => this.waiting(id)));
    await this.write([...this.last].map((id) => this.success(id)));
  }

  async judge(startedAt: number): Promise<DowntimeVerdict> {
    const raised: EventOf<'AlertRaised'>[] = [];
    const resolved = new Set<string>();
    const awaited = new Set(this.last);
    const reader = this.proof.broker.openReader();
    try {
      for (const place of this.alertPlaces()) {
        reader.assign(place, this.from.get(partitionName(place)) ?? 0);
      }
      while (awaited.size > 0) {
        if (Date.now() - startedAt > APP_WITHIN_MS)
          throw new Error('the consumer lag of the app does not reach zero');
        for (const { records } of await reader.poll(POLL_MS)) {
          for (const { value } of records) {
            const decoded = this.proof.codec.decode(value);
            if (decoded.kind !== 'event') throw new Error(`${decoded.kind} among the alerts`);
            const { event } = decoded;
            if (event.type === 'AlertRaised') {
              raised.push(event);
              awaited.delete(event.orderId);
            } else if (event.type === 'AlertResolved') resolved.add(event.orderId);
          }
        }
      }
    } finally {
      await reader.close();
    }
    return this.verdict(raised, resolved, Date.now() - startedAt);
  }

  private verdict(
    raised: readonly EventOf<'AlertRaised'>[],
    resolved: ReadonlySet<string>,
    caughtUpMs: number,
  ): DowntimeVerdict {
    const counts = new Map<string, number>();
    for (const { orderId } of raised) counts.set(orderId, (counts.get(orderId) ?? 0) + 1);
    const late = [...this.late];
    const falseAlarms = [...this.inTime].filter((id) => counts.has(id)).length;
    const raisedOnce = late.filter((id) => counts.get(id) === 1).length;
    const settled = late.filter((id) => resolved.has(id)).length;
    return {
      inTime: this.inTime.size,
      late: late.length,
      falseAlarms,
      raisedOnce,
      resolved: settled,
      caughtUpMs,
      holds: falseAlarms === 0 && raisedOnce === late.length && settled === late.length,
    };
  }

  private async write(events: readonly OrderFact[]): Promise<void> {
    const records = events.map((event): NewRecord => {
      const { name } = event.type === 'PaymentSucceeded' ? paymentsEvents : ordersEvents;
      const partition = partitionFor(event.orderId, this.proof.partitions);
      const value = this.proof.codec.encode(name, event);
      return { topic: name, partition, key: event.orderId, value };
    });
    for (let from = 0; from < records.length; from += RECORDS_PER_SEND) {
      await this.proof.producer.send(records.slice(from, from + RECORDS_PER_SEND), SEND_WITHIN_MS);
    }
  }

  private waiting(orderId: string): EventOf<'OrderWaitingPayment'> {
    const items = [{ sku: 'TEA', quantity: 1, unitPrice: AMOUNT }];
    const fields = { userId: 'downtime', items, totalAmount: AMOUNT, currency: 'JPY' };
    return { type: 'OrderWaitingPayment', ...this.header(orderId, 'waiting'), ...fields };
  }

  private success(orderId: string): EventOf<'PaymentSucceeded'> {
    return {
      type: 'PaymentSucceeded',
      ...this.header(orderId, 'success'),
      attempt: 1,
      merchantPaymentId: `${orderId}-1`,
      paymentId: `paid-${orderId}`,
      amount: AMOUNT,
      currency: 'JPY',
      paidAt: Date.now(),
      settledBy: 'POLL',
    };
  }

  private paid(orderId: string): EventOf<'OrderPaid'> {
    return {
      type: 'OrderPaid',
      ...this.header(orderId, 'paid'),
      userId: 'downtime',
      paymentId: `paid-${orderId}`,
      amount: AMOUNT,
      currency: 'JPY',
      paidAt: Date.now(),
    };
  }

  private header(orderId: string, role: string) {
    return orderHeader({ id: orderId, at: Date.now() }, role, orderId);
  }

  private orderIds(role: string, count: number): ReadonlySet<string> {
    const numbers = Array.from({ length: count }, (_, number) => number);
    return new Set(numbers.map((number) => eventId(this.id, `${role} ${String(number)}`)));
  }

  private oneInEveryPartition(): ReadonlySet<string> {
    const found = new Map<number, string>();
    for (let number = 0; found.size < this.proof.partitions; number += 1) {
      const orderId = eventId(this.id, `last ${String(number)}`);
      const partition = partitionFor(orderId, this.proof.partitions);
      if (!found.has(partition)) found.set(partition, orderId);
    }
    return new Set(found.values());
  }

  private alertPlaces() {
    return [alertsRaised, alertsLifecycle].flatMap(({ name }) =>
      Array.from({ length: this.proof.partitions }, (_, partition) => ({ topic: name, partition })),
    );
  }
}

type OrderFact = Extract<
  EventOn<typeof ordersEvents | typeof paymentsEvents>,
  { readonly type: 'OrderWaitingPayment' | 'OrderPaid' | 'PaymentSucceeded' }
>;

function secondsSince(began: number): string {
  return `${((Date.now() - began) / 1_000).toFixed(1)} s`;
}
