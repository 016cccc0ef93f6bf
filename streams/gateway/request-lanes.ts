/**
 * Which request may be called next: one per order at a time, an order's requests in the order of
 * the log, and orders in turn, so that none waits behind another that has much to ask.
 */
export class RequestLanes<T> {
  private readonly lanes = new Map<string, T[]>();
  /** Orders whose first request is not under way. */
  private readonly ready = new Set<string>();

  add(orderId: string, request: T): void {
    const lane = this.lanes.get(orderId);
    if (lane === undefined) {
      this.lanes.set(orderId, [request]);
      this.ready.add(orderId);
    } else {
      lane.push(request);
    }
  }

  /** The next request; its order is busy from now on until `end` or `giveBack`. */
  begin(): { readonly orderId: string; readonly request: T } | undefined {
    const [orderId] = this.ready;
    if (orderId === undefined) return undefined;
    this.ready.delete(orderId);
    const request = this.lanes.get(orderId)?.[0];
    if (request === undefined) throw new Error(`the lane of ${orderId} is empty`);
    return { orderId, request };
  }

  /** The order's first request was answered. */
  end(orderId: string): void {
    const lane = this.lanes.get(orderId);
    lane?.shift();
    if (lane === undefined || lane.length === 0) this.lanes.delete(orderId);
    else this.ready.add(orderId);
  }

  /** The order's first request was not called after all and is to be begun again. */
  giveBack(orderId: string): void {
    this.ready.add(orderId);
  }
}
