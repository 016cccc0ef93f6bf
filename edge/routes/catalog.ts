/**
 * Products as operators keep them: added, changed, withdrawn; 202 once Kafka has it. What always
 * holds: of two changes that were made of one version of a product, only one is taken.
 *
 *   both see the version    the catalog in memory, which follows the topic, refuses what is older
 *   both come at once       Redis gives the version to one of them, for all edges together
 */
import type { FastifyRequest } from 'fastify';
import { catalogProducts } from '../../topics/catalog';
import { eventId } from '../../schemas/event-id';
import type { EventOf } from '../../schemas/event';
import {
  catalogList,
  catalogQuery,
  productBody,
  productHistory,
  productHistoryQuery,
  withdrawalBody,
} from '../contract/catalog';
import { eventAccepted } from '../contract/administration';
import { problemAnswers } from '../contract/error';
import { closedObject, sku } from '../contract/fields';
import { EdgeError } from '../errors';
import { idempotencyHeaders } from '../idempotency';
import type { EdgeParts, EdgeScope } from '../app-parts';
import { appendOnce, keyedRequestOf, keyedSourceOf } from '../plugins/idempotency-gate';
import { productChanged, productWithdrawn } from '../request-events';

type CatalogParts = Pick<EdgeParts, 'log' | 'readModels' | 'catalog' | 'idempotency'>;

const tags = ['administration'];
const command = {
  tags,
  headers: idempotencyHeaders,
  response: { 202: eventAccepted, ...problemAnswers },
};

export function catalogRoutes(app: EdgeScope, parts: CatalogParts): void {
  const { readModels } = parts;

  app.get(
    '/products',
    {
      schema: {
        tags,
        summary: 'Every product with its version, withdrawn ones too.',
        querystring: catalogQuery,
        response: { 200: catalogList, ...problemAnswers },
      },
    },
    (request) => readModels.catalogPage(request.query),
  );

  app.post(
    '/products',
    {
      schema: { ...command, summary: 'Adds a product, or replaces it whole.', body: productBody },
    },
    async (request, reply) => {
      const event = productChanged(keyedSourceOf(request), request.body);
      await change(parts, request, event, request.body.expectedVersion);
      return reply.code(202).send({ eventId: event.eventId });
    },
  );

  app.post(
    '/products/:sku/withdraw',
    {
      schema: {
        ...command,
        summary: 'Takes a product off sale; orders that have it reserved keep it.',
        params: closedObject({ sku }),
        body: withdrawalBody,
      },
    },
    async (request, reply) => {
      const product = await readModels.catalogProduct(request.params.sku);
      if (product === undefined) throw new EdgeError('NOT_FOUND');
      const event = productWithdrawn(keyedSourceOf(request), product, request.body);
      const { expectedVersion } = request.body;
      if (!isTaken(parts, request, event)) {
        if (product.version < expectedVersion) throw new EdgeError('VIEWS_BEHIND');
        if (product.version > expectedVersion) throw stale();
        if (!product.active) throw new EdgeError('PRODUCT_WITHDRAWN');
      }
      await change(parts, request, event, expectedVersion);
      return reply.code(202).send({ eventId: event.eventId });
    },
  );

  app.get(
    '/products/:sku/changes',
    {
      schema: {
        tags,
        summary: 'A product as it stands, and who changed what of it, when and why.',
        params: closedObject({ sku }),
        querystring: productHistoryQuery,
        response: { 200: productHistory, ...problemAnswers },
      },
    },
    (request) => readModels.productHistory(request.params.sku, request.query.before),
  );
}

type Keyed = Pick<FastifyRequest, 'keyed' | 'url'>;

/** A repeat of what stands in the catalog is no conflict with itself; another request under its key is. */
function isTaken({ catalog }: CatalogParts, request: Keyed, event: EventOf<'Product'>): boolean {
  if (keyedRequestOf(request).isLogged) return true;
  const known = catalog.product(event.sku);
  if (known?.eventId !== event.eventId) return false;
  if (known.requestFingerprint === event.requestFingerprint) return true;
  throw new EdgeError('IDEMPOTENCY_CONFLICT', { field: 'idempotency-key' });
}

async function change(
  parts: CatalogParts,
  request: Keyed,
  event: EventOf<'Product'>,
  expectedVersion: number | null | undefined,
): Promise<void> {
  const { log, catalog, idempotency } = parts;
  if (isTaken(parts, request, event)) return;
  if (expectedVersion === undefined) return appendOnce(log, request, catalogProducts, event);
  if (catalog.lookUp(event.sku) === 'loading') throw new EdgeError('CATALOG_LOADING');
  const version = catalog.product(event.sku)?.version ?? null;
  if (version !== expectedVersion) throw stale();
  const successor = eventId(JSON.stringify([event.sku, version]), 'product-version');
  const claim = await idempotency.claim(successor, event.requestFingerprint);
  if (claim === 'conflict') throw stale();
  try {
    await appendOnce(log, request, catalogProducts, event);
  } catch (error) {
    if (claim === 'first') await idempotency.release(successor, event.requestFingerprint);
    throw error;
  }
}

function stale(): EdgeError {
  const detail = 'The product has changed since; look at it again.';
  return new EdgeError('STALE_VERSION', { field: 'expectedVersion', detail });
}
