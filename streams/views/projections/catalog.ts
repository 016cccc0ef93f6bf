/** `catalog.products.v1` -> products, product_changes. */
import type { EventOf } from '../../../schemas/event';
import { catalogProducts } from '../../../topics/catalog';
import { termsOfProduct } from '../../../platform/search/search-terms';
import type { LogPosition } from '../../runtime/app';
import { projectLatest } from '../projection';
import { upsert } from '../table';
import { productChanges, products } from '../tables';

export const productsProjection = projectLatest(
  catalogProducts,
  products,
  (event, position) => {
    const terms = termsOfProduct(event);
    return upsert(products, {
      ...columnsOf(event, position),
      updated_at: position.timestamp,
      source_partition: position.partition,
      search_lines: terms.lines,
      search_name_words: terms.nameWords,
      search_words: terms.words,
      search_grams: terms.grams,
      search_order: terms.order,
    });
  },
  (event, position) => [
    upsert(productChanges, {
      ...columnsOf(event, position),
      event_id: event.eventId,
      actor: event.actor,
      reason: event.reason,
      changed_at: position.timestamp,
    }),
  ],
);

function columnsOf(event: EventOf<'Product'>, { offset }: LogPosition) {
  return {
    sku: event.sku,
    name: event.name,
    name_ja: event.nameJa,
    description: event.description,
    description_ja: event.descriptionJa,
    unit_price: event.unitPrice,
    currency: event.currency,
    image_url: event.imageUrl,
    active: event.active,
    version: offset,
  };
}
