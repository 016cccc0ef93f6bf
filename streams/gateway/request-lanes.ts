/**
 * Requests of a partition that are taken and not answered, by order: one of an order is in flight
 * at a time, in the order of the log. A lane is as urgent as the most urgent request in it, so a
 * code to be withdrawn does not wait behind a poll of its own order.
 *
 * Two kinds of reads need no call any more, and are given out to be answered without one: a read
 * with a later one behind it, which payments asks when the first would come too late; and one that
 * was crowded out, whose order asks again and keeps its place.
 */
import type { SentAway } from './result-event';
import { isMoreUrgent, type Urgency } from './urgency';

export interface LaneRequest {
  readonly urgency: Urgency;
  /** Since when its order waits; ms since the epoch. */
  readonly since: number;
  readonly isRead: boolean;
}

/** The next request of an order. */
export interface Begun<T> {
  readonly orderId: string;
  readonly request: T;
  /** Of the lane. */
  readonly urgency: Urgency;
  readonly fate: 'call' | SentAway['kind'];
}

interface Lane<T> {
  readonly requests: T[];
  /** The first request is to be answered without a call. */
  crowdedOut: boolean;
}

export class RequestLanes<T extends LaneRequest> {
  private readonly lanes = new Map<string, Lane<T>>();
  /** Orders whose first request is not in flight. */
  private readonly ready = new Set<string>();

  /** True when the order's first request, already begun, is to be thought over: see `giveBack`. */
  add(orderId: string, request: T): boolean {
    const lane = this.lanes.get(orderId);
    if (lane === undefined) {
      this.lanes.set(orderId, { requests: [request], crowdedOut: false });
      this.ready.add(orderId);
      return false;
    }
    const isRaised = isMoreUrgent(request.urgency, urgencyOf(lane));
    lane.requests.push(request);
    return isRaised || isSuperseded(lane);
  }

  /** The next request; its order is busy from now on until `end` or `giveBack`. */
  begin(): Begun<T> | undefined {
    const [orderId] = this.ready;
    if (orderId === undefined) return undefined;
    this.ready.delete(orderId);
    const lane = this.lanes.get(orderId);
    const request = lane?.requests[0];
    if (lane === undefined || request === undefined) {
      throw new Error(`the lane of ${orderId} is empty`);
    }
    return { orderId, request, urgency: urgencyOf(lane), fate: fateOf(lane) };
  }

  /** The order's first request was answered. */
  end(orderId: string): void {
    const lane = this.lanes.get(orderId);
    if (lane === undefined) throw new Error(`${orderId} has no lane`);
    lane.requests.shift();
    lane.crowdedOut = false;
    if (lane.requests.length === 0) this.lanes.delete(orderId);
    else this.ready.add(orderId);
  }

  /** The order's first request was not called after all and is to be begun again. */
  giveBack(orderId: string): void {
    this.ready.add(orderId);
  }

  /**
   * Marks orders that can best do without a call now, until `count` are marked: nothing urgent of
   * theirs waits, and they have waited the shortest. To be thought over, as with `add`.
   */
  crowdOut(count: number): readonly string[] {
    const lanes = [...this.lanes];
    const marked = lanes.filter(([, { crowdedOut }]) => crowdedOut).length;
    const chosen = lanes
      .filter(([, lane]) => !lane.crowdedOut && urgencyOf(lane) !== 'PROMPT')
      .sort(([, a], [, b]) => sinceOf(b) - sinceOf(a))
      .slice(0, Math.max(0, count - marked));
    for (const [, lane] of chosen) lane.crowdedOut = true;
    return chosen.map(([orderId]) => orderId);
  }
}

function urgencyOf<T extends LaneRequest>({ requests }: Lane<T>): Urgency {
  return requests
    .map(({ urgency }) => urgency)
    .reduce((most, urgency) => (isMoreUrgent(urgency, most) ? urgency : most));
}

function sinceOf<T extends LaneRequest>({ requests }: Lane<T>): number {
  return requests[0]?.since ?? 0;
}

function fateOf<T extends LaneRequest>(lane: Lane<T>): Begun<T>['fate'] {
  if (isSuperseded(lane)) return 'superseded';
  return lane.crowdedOut ? 'crowded-out' : 'call';
}

function isSuperseded<T extends LaneRequest>({ requests: [first, ...later] }: Lane<T>): boolean {
  return first?.isRead === true && later.some(({ isRead }) => isRead);
}
