/**
 * Requests from outside, as the events they become. A repeat of the same request makes the same
 * eventId, so whoever reads the topic absorbs it.
 */
import { eventId } from '../schemas/event-id';
import { UNMARKED, type RequestMarks } from '../schemas/request-marks';
import type { EventOf } from '../schemas/event';
import type { CancellationBody, PaymentCheckBody, PurchaseBody } from './contract/api-types';
import type { CatalogProduct, ProductBody, WithdrawalBody } from './contract/catalog';
import { requestKeyOf } from './idempotency';
import type { SpendingLimitBody, StockAdjustmentBody, StockBody } from './contract/administration';

/** One request: who asks, under which key, when, and the id that its log lines carry. */
export interface CommandSource {
  readonly userId: string;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface KeyedSource extends CommandSource {
  readonly idempotencyKey: string;
  /** Of all that is asked; see idempotency.ts. */
  readonly requestFingerprint: string;
}

/** What an event says of the request that it comes from; empty for one without a key. */
export function requestMarks(source: CommandSource | KeyedSource): RequestMarks {
  if (!('idempotencyKey' in source)) return UNMARKED;
  const { userId, idempotencyKey, requestFingerprint } = source;
  return { requestKey: requestKeyOf(userId, idempotencyKey), requestFingerprint };
}

export function purchaseRequested(
  orderId: string,
  source: KeyedSource,
  { items }: PurchaseBody,
): EventOf<'PurchaseRequested'> {
  return {
    type: 'PurchaseRequested',
    eventId: eventId(orderId, 'purchase'),
    orderId,
    occurredAt: source.at,
    causationId: source.requestId,
    correlationId: orderId,
    userId: source.userId,
    idempotencyKey: source.idempotencyKey,
    items: items.map(({ sku, quantity }) => ({ sku, quantity })),
    ...requestMarks(source),
  };
}

/** An order is cancelled once; asking again is the same request, with or without a key. */
export function cancellationRequested(
  orderId: string,
  source: CommandSource | KeyedSource,
  { reason = '' }: CancellationBody,
): EventOf<'CancellationRequested'> {
  return {
    type: 'CancellationRequested',
    eventId: eventId(orderId, 'cancellation'),
    orderId,
    occurredAt: source.at,
    causationId: source.requestId,
    correlationId: orderId,
    userId: source.userId,
    reason,
    ...requestMarks(source),
  };
}

export function paymentCheckRequested(
  orderId: string,
  source: KeyedSource & { readonly actor: string },
  { reason }: PaymentCheckBody,
): EventOf<'PaymentCheckRequested'> {
  return {
    type: 'PaymentCheckRequested',
    ...keyedHeader(source, 'payment-check'),
    orderId,
    correlationId: orderId,
    actor: source.actor,
    reason,
  };
}

export function productChanged(source: KeyedSource, body: ProductBody): EventOf<'Product'> {
  return {
    type: 'Product',
    ...keyedHeader(source, 'product'),
    sku: body.sku,
    name: body.name,
    nameJa: body.nameJa,
    description: body.description ?? '',
    descriptionJa: body.descriptionJa ?? '',
    unitPrice: body.unitPrice,
    currency: 'JPY',
    imageUrl: body.imageUrl ?? null,
    active: body.active ?? true,
    actor: source.userId,
    reason: body.reason ?? '',
  };
}

/** As it stands, but for sale no longer. */
export function productWithdrawn(
  source: KeyedSource,
  product: CatalogProduct,
  { reason }: WithdrawalBody,
): EventOf<'Product'> {
  const { sku, name, nameJa, description, descriptionJa, unitPrice, imageUrl } = product;
  const texts = { sku, name, nameJa, description, descriptionJa };
  return productChanged(source, { ...texts, unitPrice, imageUrl, active: false, reason });
}

export function stockReceived(source: KeyedSource, body: StockBody): EventOf<'StockReceived'> {
  return {
    type: 'StockReceived',
    ...keyedHeader(source, 'stock'),
    sku: body.sku,
    quantity: body.quantity,
    actor: source.userId,
  };
}

export function stockAdjustmentRequested(
  source: KeyedSource,
  body: StockAdjustmentBody,
): EventOf<'StockAdjustmentRequested'> {
  return {
    type: 'StockAdjustmentRequested',
    ...keyedHeader(source, 'stock-adjustment'),
    sku: body.sku,
    quantity: body.quantity,
    reason: body.reason,
    actor: source.userId,
  };
}

export function spendingLimitChanged(
  source: KeyedSource,
  body: SpendingLimitBody,
): EventOf<'SpendingLimitChanged'> {
  return {
    type: 'SpendingLimitChanged',
    ...keyedHeader(source, 'spending-limit'),
    userId: body.userId,
    limit: body.limit,
    currency: 'JPY',
    actor: source.userId,
    reason: body.reason ?? '',
  };
}

/** Two operators may choose the same key, so the id covers who asks. */
function keyedHeader(source: KeyedSource, role: string) {
  const cause = JSON.stringify([source.userId, source.idempotencyKey]);
  return {
    eventId: eventId(cause, role),
    occurredAt: source.at,
    causationId: source.requestId,
    correlationId: source.requestId,
    ...requestMarks(source),
  };
}
