/** Shoppers of a running shop who order, pay at PayPay and watch their order's page turn. */
import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { ClientToServer, JoinReply, ServerToClient } from '../../edge/contract/api-types';
import type { World } from '../scenarios/world';
import type { EdgeClient } from '../scenarios/edge-client';

type PageSocket = Socket<ServerToClient, ClientToServer>;

const SKU = 'matcha-30g';
const LIMIT_YEN = 100_000_000;
/** The edge lets one socket into twenty rooms. */
const ORDERS_AT_ONCE = 15;
const JOIN_AGAIN_MS = 20;
const WITHIN_MS = 120_000;

export interface SagaTimes {
  readonly orderId: string;
  /** ms since the epoch. */
  readonly askedAt: number;
  /** PayPay has the money, and sends its webhook. */
  readonly paidAt: number;
  /** The page says so. */
  readonly shownAt: number;
}

export class SagaCrowd {
  private placed = 0;

  private constructor(
    private readonly world: World,
    private readonly shoppers: readonly Shopper[],
  ) {}

  /** With enough in stock, and enough people for so many orders under way. */
  static async open(world: World, atOnce: number, orders: number): Promise<SagaCrowd> {
    await world.ops.bookDelivery({ sku: SKU, quantity: orders }, `bench-${SKU}-${world.run}`);
    const shoppers: Shopper[] = [];
    while (shoppers.length * ORDERS_AT_ONCE < atOnce) {
      const { edge, userId } = await world.newShopper(`bench-${String(shoppers.length)}`);
      await world.ops.setSpendingLimit({ userId, limit: LIMIT_YEN }, `bench-${userId}`);
      shoppers.push(await Shopper.open(world, edge));
    }
    return new SagaCrowd(world, shoppers);
  }

  /** From the order to its page saying PAID. */
  async buy(): Promise<SagaTimes> {
    const index = this.placed;
    this.placed += 1;
    const [first, ...others] = this.shoppers;
    if (first === undefined) throw new Error('the crowd is empty');
    const shopper = others.reduce((idlest, one) => (one.busy < idlest.busy ? one : idlest), first);
    return shopper.buy(`bench-${this.world.run}-${String(index)}`);
  }

  close(): void {
    for (const shopper of this.shoppers) shopper.close();
  }
}

class Shopper {
  private orders = 0;
  /** By order: told when its page says PAID. */
  private readonly waiting = new Map<string, (shownAt: number) => void>();

  private constructor(
    private readonly world: World,
    private readonly edge: EdgeClient,
    private readonly socket: PageSocket,
  ) {
    socket.on('event', ({ type, payload }) => {
      const { orderId } = payload;
      if (type === 'OrderPaid' && typeof orderId === 'string') {
        this.waiting.get(orderId)?.(Date.now());
      }
    });
  }

  static async open(world: World, edge: EdgeClient): Promise<Shopper> {
    const socket: PageSocket = io(world.stack.edgeUrl, {
      extraHeaders: { cookie: edge.cookie },
      transports: ['websocket'],
      forceNew: true,
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return new Shopper(world, edge, socket);
  }

  /** Orders under way. */
  get busy(): number {
    return this.orders;
  }

  async buy(key: string): Promise<SagaTimes> {
    this.orders += 1;
    try {
      return await this.bought(key);
    } finally {
      this.orders -= 1;
    }
  }

  private async bought(key: string): Promise<SagaTimes> {
    const askedAt = Date.now();
    const orderId = await this.edge.placeOrder([{ sku: SKU, quantity: 1 }], key);
    const { merchantPaymentId } = await this.world.event('PaymentCodeIssued', orderId, WITHIN_MS);
    await this.enter(orderId);
    const shown = this.shown(orderId);
    const { charge } = await this.world.paypay.act(merchantPaymentId, { action: 'pay' });
    if (charge.kind !== 'paid') throw new Error(`${orderId} is ${charge.kind}`);
    const shownAt = await shown;
    this.socket.emit('leave', `order:${orderId}`, () => undefined);
    return { orderId, askedAt, paidAt: charge.paidAt, shownAt };
  }

  close(): void {
    this.socket.disconnect();
  }

  /** The views may not have the order yet; its page asks again as this does. */
  private async enter(orderId: string): Promise<void> {
    const giveUpAt = Date.now() + WITHIN_MS;
    for (;;) {
      const reply = await new Promise<JoinReply>((resolve) => {
        this.socket.emit('join', `order:${orderId}`, resolve);
      });
      if (reply.kind === 'joined') return;
      if (!reply.error.retry || Date.now() > giveUpAt) throw new Error(reply.error.message);
      await sleep(JOIN_AGAIN_MS);
    }
  }

  private shown(orderId: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`${orderId} was never shown PAID`)),
        WITHIN_MS,
      );
      this.waiting.set(orderId, (shownAt) => {
        clearTimeout(late);
        this.waiting.delete(orderId);
        resolve(shownAt);
      });
    });
  }
}
