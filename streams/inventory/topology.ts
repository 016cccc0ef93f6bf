/**
 * Inventory: holds, sells, releases and returns pieces as orders asks, books deliveries, and shows
 * the level of a sku after each change. Owns the stock; all about a sku is on one partition.
 *
 *   catalog.products    Product a, 500 yen, active
 *   inventory.requests  StockReceived a, 5              -> StockLevel 5 / 5 / 0 / 0
 *                       StockReservationRequested a, 2  -> StockReserved 2 at 500, StockLevel 5 / 3 / 2 / 0
 *                       the same once more              -> nothing
 *                       StockReleaseRequested a, 2      -> StockReleased 2, StockLevel 5 / 5 / 0 / 0
 *                       StockAdjustmentRequested a, -2  -> StockAdjusted -2, StockLevel 3 / 3 / 0 / 0
 *
 * (test: "a reservation is released once")
 */
import type { EventOf } from '../../schemas/event';
import { header } from '../../schemas/header';
import { catalogProducts } from '../../topics/catalog';
import { inventoryChangelog } from '../../topics/changelogs';
import {
  inventoryAdjustments,
  inventoryEvents,
  inventoryLevels,
  inventoryRequests,
} from '../../topics/inventory';
import { isSameRequest } from '../../schemas/request-marks';
import type { EventOn } from '../../topics/topic';
import { defineApp, type HandlerContext, type StreamApp } from '../runtime/app';
import { takeAdjustment } from './adjustment';
import { takeProduct } from './offer';
import { REJECTIONS, type RejectionCode } from './rejection';
import { hasEnded, takeRequest, type ReservationRequest } from './reservation';
import type { InventorySettings } from './settings';
import { offerKey, receiptKey, reservationKey, stockKey } from './state-key';
import { noStock, receive, type Stock } from './stock';
import { stateAt } from '../runtime/state-at';

type InventoryState = 'StockState' | 'OfferState' | 'StockReservationState' | 'StockReceiptState';

const inputs = [inventoryRequests, catalogProducts] as const;
type Input = EventOn<(typeof inputs)[number]>;
type Context = HandlerContext<InventoryState>;

/** Deletes what it stands on; the only timer of this app. */
const RETENTION = 'retention';

export function inventoryApp(settings: InventorySettings): StreamApp {
  return defineApp({
    name: 'inventory',
    inputs,
    outputs: [inventoryEvents, inventoryAdjustments, inventoryLevels],
    changelog: inventoryChangelog,
    keys: keysOf,
    handle(event, context) {
      switch (event.type) {
        case 'Product':
          offer(event, context);
          break;
        case 'StockReceived':
          book(event, settings, context);
          break;
        case 'StockAdjustmentRequested':
          correct(event, settings, context);
          break;
        case 'StockReservationRequested':
        case 'StockConfirmationRequested':
        case 'StockReleaseRequested':
        case 'StockReturnRequested':
          answer(event, settings, context);
          break;
      }
    },
    onTimer({ key }, context) {
      context.delete(key);
    },
  });
}

function keysOf(event: Input): readonly string[] {
  const { sku } = event;
  switch (event.type) {
    case 'Product':
      return [offerKey(sku)];
    case 'StockReceived':
    case 'StockAdjustmentRequested':
      return [stockKey(sku), receiptKey(sku, event.eventId)];
    case 'StockReservationRequested':
    case 'StockConfirmationRequested':
    case 'StockReleaseRequested':
    case 'StockReturnRequested':
      return [stockKey(sku), offerKey(sku), reservationKey(sku, event.orderId)];
  }
}

function offer(product: EventOf<'Product'>, context: Context): void {
  const outcome = takeProduct(product);
  if (outcome.kind === 'malformed') reject(context, 'MALFORMED_PRODUCT', outcome.what);
  else context.put(offerKey(product.sku), outcome.offer);
}

function book(
  receipt: EventOf<'StockReceived'>,
  settings: InventorySettings,
  context: Context,
): void {
  const { sku, quantity, correlationId } = receipt;
  if (quantity < 1) reject(context, 'MALFORMED_QUANTITY', `${quantity} pieces of ${sku}`);
  if (isRepeat(receipt, settings, context)) return;
  const stock = stateAt(context, stockKey(sku), 'StockState') ?? noStock(sku);
  keepStock(receive(stock, quantity), correlationId, context);
}

function correct(
  request: EventOf<'StockAdjustmentRequested'>,
  settings: InventorySettings,
  context: Context,
): void {
  const { sku, correlationId } = request;
  const stock = stateAt(context, stockKey(sku), 'StockState');
  const outcome = takeAdjustment(stock, request, context.cause);
  if (outcome.kind === 'malformed') reject(context, 'MALFORMED_QUANTITY', outcome.what);
  if (isRepeat(request, settings, context)) return;
  context.emit(inventoryAdjustments, outcome.answer);
  if (outcome.kind === 'adjusted') keepStock(outcome.stock, correlationId, context);
}

/**
 * The edge writes what operators book at least once, so each is remembered for a while. Another one
 * under its id came with the same Idempotency-Key: the first stands.
 */
function isRepeat(
  request: EventOf<'StockReceived' | 'StockAdjustmentRequested'>,
  { retentionMs }: InventorySettings,
  context: Context,
): boolean {
  const { sku, eventId, requestFingerprint } = request;
  const key = receiptKey(sku, eventId);
  const booked = stateAt(context, key, 'StockReceiptState');
  if (booked !== undefined) {
    if (isSameRequest(booked, request)) return true;
    reject(context, 'IDEMPOTENCY_CONFLICT', `another booking of ${sku} has the id ${eventId}`);
  }
  context.put(key, { type: 'StockReceiptState', receiptEventId: eventId, requestFingerprint });
  context.setTimer(key, RETENTION, context.now + retentionMs);
  return false;
}

function answer(
  request: ReservationRequest,
  { retentionMs }: InventorySettings,
  context: Context,
): void {
  const { sku, orderId, correlationId } = request;
  const key = reservationKey(sku, orderId);
  const shelf = {
    stock: stateAt(context, stockKey(sku), 'StockState'),
    offer: stateAt(context, offerKey(sku), 'OfferState'),
    reservation: stateAt(context, key, 'StockReservationState'),
  };
  const outcome = takeRequest(shelf, request, context.cause);
  if (outcome.kind === 'repeat') return;
  if (outcome.kind === 'illegal') {
    reject(context, outcome.code, `${request.type} of ${sku} by ${orderId}: ${outcome.what}`);
  }
  context.put(key, outcome.reservation);
  if (hasEnded(outcome.reservation)) context.setTimer(key, RETENTION, context.now + retentionMs);
  for (const event of outcome.answers) context.emit(inventoryEvents, event);
  if (outcome.kind === 'moved') keepStock(outcome.balance, correlationId, context);
}

function keepStock(stock: Stock, correlationId: string, context: Context): void {
  const { sku, total, available, reserved, sold } = stock;
  context.put(stockKey(sku), stock);
  context.emit(inventoryLevels, {
    type: 'StockLevel',
    ...header(context.cause, 'StockLevel', correlationId),
    sku,
    total,
    available,
    reserved,
    sold,
  });
}

function reject(context: Context, code: RejectionCode, what: string): never {
  return context.reject(code, `${what}. ${REJECTIONS[code]}`);
}
