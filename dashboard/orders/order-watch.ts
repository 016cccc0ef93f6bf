/**
 * Follows one order for its page: the order's room, and the edge's answers when the room cannot be
 * entered. An order that was placed a moment ago is not known everywhere yet, so it is looked for
 * a while before it counts as missing.
 */
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import type { OpsSnapshot, OrderSnapshot, TimelineEntry } from '../../edge/contract/api-types';
import type { EdgeApi } from '../api/edge-api';
import type { Failure } from '../api/answer';
import type { LiveConnection, Refusal, RoomListener } from '../live/live-connection';
import { isId } from '../text/ids';
import { storyOf, withRecord, type OrderStory } from './order-story';

/** The read models follow within a second; after a restart of theirs within some. */
const SEARCH_MS = 15_000;

export type OrderState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'malformed' }
  /** Not there, or somebody else's; looked for again all the same. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly failure: Trouble }
  | { readonly kind: 'live'; readonly story: OrderStory }
  /** Was read, but nothing new will come by itself. */
  | { readonly kind: 'not-live'; readonly story: OrderStory; readonly failure: Trouble };

/** Why, by the words of the room or of a request; failureWords says it. */
type Trouble = Refusal | Failure;

/** Until the calling component is gone. */
export function useOrder(
  { api, live }: { readonly api: EdgeApi; readonly live: Pick<LiveConnection, 'enter'> },
  orderId: string,
): Readonly<ShallowRef<OrderState>> {
  // An order never has such an id, so that nothing is asked and nothing is waited for.
  if (!isId(orderId)) return shallowRef<OrderState>({ kind: 'malformed' });
  const watch = new OrderWatch(api, orderId);
  onScopeDispose(live.enter(`order:${orderId}`, watch));
  return watch.state;
}

class OrderWatch implements RoomListener {
  readonly state = shallowRef<OrderState>({ kind: 'loading' });
  private readonly searchUntil = Date.now() + SEARCH_MS;

  constructor(
    private readonly api: EdgeApi,
    private readonly orderId: string,
  ) {}

  snapshot(snapshot: OpsSnapshot | OrderSnapshot): void {
    if (snapshot.kind === 'order') this.state.value = { kind: 'live', story: storyOf(snapshot) };
  }

  record(entry: TimelineEntry): void {
    const before = this.state.value;
    if (before.kind !== 'live') return;
    this.state.value = { kind: 'live', story: withRecord(before.story, entry) };
  }

  refused(refusal: Refusal): void {
    if (refusal.code === 'NOT_FOUND') {
      this.notFound();
      return;
    }
    const before = this.state.value;
    if (before.kind === 'live') {
      this.state.value = { kind: 'not-live', story: before.story, failure: refusal };
    }
    void this.read(refusal);
  }

  private notFound(): void {
    const searching = Date.now() < this.searchUntil;
    this.state.value = searching ? { kind: 'loading' } : { kind: 'missing' };
  }

  private async read(refusal: Refusal): Promise<void> {
    const { orderId } = this;
    const [order, payment, timeline] = await Promise.all([
      this.api.order(orderId),
      this.api.payment(orderId),
      this.api.timeline(orderId),
    ]);
    // The room was entered meanwhile, and knows better.
    if (this.state.value.kind === 'live') return;
    if (order.kind === 'ok' && timeline.kind === 'ok') {
      const story = storyOf({
        order: order.value,
        payment: payment.kind === 'ok' ? payment.value : null,
        timeline: timeline.value.entries,
      });
      this.state.value = { kind: 'not-live', story, failure: refusal };
      return;
    }
    const failure = order.kind === 'ok' ? timeline : order;
    if (failure.kind === 'ok') return;
    if (failure.kind === 'refused' && failure.code === 'NOT_FOUND') this.notFound();
    else this.failed(failure);
  }

  /** What was read before is better than nothing, as long as it says that it is old. */
  private failed(failure: Failure): void {
    const before = this.state.value;
    const known = before.kind === 'live' || before.kind === 'not-live';
    this.state.value = known
      ? { kind: 'not-live', story: before.story, failure }
      : { kind: 'failed', failure };
  }
}
