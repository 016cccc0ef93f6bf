/** `catalog.products.v1` -> products. */
import { catalogProducts } from '../../../topics/catalog';
import { termsOfProduct } from '../../../platform/search/search-terms';
import { projectLatest } from '../projection';
import { upsert } from '../table';
import { products } from '../tables';

export const productsProjection = projectLatest(catalogProducts, products, (event, position) => {
  const terms = termsOfProduct(event);
  return upsert(products, {
    sku: event.sku,
    name: event.name,
    name_ja: event.nameJa,
    description: event.description,
    description_ja: event.descriptionJa,
    unit_price: event.unitPrice,
    currency: event.currency,
    image_url: event.imageUrl,
    active: event.active,
    updated_at: position.timestamp,
    source_partition: position.partition,
    search_lines: terms.lines,
    search_name_words: terms.nameWords,
    search_words: terms.words,
    search_grams: terms.grams,
    search_order: terms.order,
  });
});
