/** Products and accounts out of Postgres. */
import type { AccountView, ProductView } from '../contract/api-types';
import type { PageRequest, SearchPlace } from '../search/product-search';
import type { Query } from './database';

/** Products for sale, in the order of their English names. */
export function selectProductPage(
  query: Query,
  { limit, after }: PageRequest,
): Promise<readonly SearchPlace[]> {
  return query<SearchPlace>(
    `select sku, 0 as rank, search_order as "order" from products
    where active and ($1::text is null
      or (search_order collate "C", sku collate "C") > ($1, $2))
    order by search_order collate "C", sku collate "C" limit $3`,
    [after?.order ?? null, after?.sku ?? null, limit],
  );
}

/** In the order of the skus; what is no longer for sale is left out. */
export async function selectProducts(
  query: Query,
  skus: readonly string[],
): Promise<readonly ProductView[]> {
  if (skus.length === 0) return [];
  return query<ProductView>(
    `select p.sku, p.name, p.name_ja as "nameJa", p.description,
      p.description_ja as "descriptionJa", p.unit_price as "unitPrice", p.currency,
      p.image_url as "imageUrl", s.available
    from unnest($1::text[]) with ordinality as asked(sku, place)
    join products p on p.sku = asked.sku and p.active
    left join stock s on s.sku = p.sku
    order by asked.place`,
    [skus],
  );
}

export async function selectAccount(
  query: Query,
  userId: string,
): Promise<AccountView | undefined> {
  const [row] = await query<AccountView>(
    `select user_id as "userId", spending_limit as "limit", available, held, used, currency
    from accounts where user_id = $1`,
    [userId],
  );
  return row;
}
