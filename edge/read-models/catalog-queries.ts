/** The catalog as operators keep it, and its history, out of Postgres. */
import type {
  CatalogList,
  CatalogProduct,
  CatalogQuery,
  ProductHistory,
} from '../contract/catalog';
import { limits } from '../limits';
import { productChangeOf, type ProductState } from '../product-changes';
import { nextOf, sortValuesOf } from './cursor';
import type { Query } from './database';

const STATE = `name, name_ja as "nameJa", description, description_ja as "descriptionJa",
  unit_price as "unitPrice", currency, image_url as "imageUrl", active, version`;
const PRODUCT = `select sku, ${STATE}, updated_at as "updatedAt" from products`;

export async function selectCatalog(query: Query, { after }: CatalogQuery): Promise<CatalogList> {
  const products = await query<CatalogProduct>(
    `${PRODUCT} where $1::text is null or sku > $1 order by sku limit $2`,
    [after ?? null, limits.listRowsMax],
  );
  const full = products.length === limits.listRowsMax;
  return { products: [...products], next: full ? (products.at(-1)?.sku ?? null) : null };
}

export async function selectCatalogProduct(
  query: Query,
  sku: string,
): Promise<CatalogProduct | undefined> {
  const [product] = await query<CatalogProduct>(`${PRODUCT} where sku = $1`, [sku]);
  return product;
}

/** One more than is given is read: what a change was is told by the one before it. */
export async function selectProductHistory(
  query: Query,
  sku: string,
  before?: string,
): Promise<ProductHistory> {
  const [behind] = sortValuesOf(before, ['long']);
  const states = await query<ProductState>(
    `select event_id as "eventId", ${STATE}, actor, reason, changed_at as "changedAt"
    from product_changes where sku = $1 and ($2::bigint is null or version < $2)
    order by version desc limit $3`,
    [sku, behind ?? null, limits.listRowsMax + 1],
  );
  const page = states.slice(0, limits.listRowsMax);
  const next =
    states.length > page.length ? nextOf(page, page.length, (row) => [row.version]) : null;
  return {
    product: (await selectCatalogProduct(query, sku)) ?? null,
    changes: page.map((state, n) => productChangeOf(state, states[n + 1])),
    next,
  };
}
