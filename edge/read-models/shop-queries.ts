/** Products and accounts out of Postgres. */
import type { AccountView, ProductList, ProductView } from '../contract/api-types';
import { limits } from '../limits';
import type { Query } from './database';

/** Products for sale whose sku or names contain the words, whatever their case. */
export async function selectProducts(query: Query, search: string): Promise<ProductList> {
  const products = await query<ProductView>(
    `select p.sku, p.name, p.name_ja as "nameJa", p.description,
      p.description_ja as "descriptionJa", p.unit_price as "unitPrice", p.currency,
      p.image_url as "imageUrl", s.available
    from products p left join stock s on s.sku = p.sku
    where p.active and strpos(lower(concat_ws(' ', p.sku, p.name, p.name_ja)), lower($1)) > 0
    order by p.name, p.sku limit $2`,
    [search, limits.listRowsMax],
  );
  return { products: [...products] };
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
