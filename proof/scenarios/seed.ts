/**
 * Products, users and stock of the demo shop, through the same API that an admin would use. Its
 * idempotency keys derive from what is seeded, so seeding again changes nothing. A delivery is booked
 * once, whatever it was of.
 */
import { createHash } from 'node:crypto';
import { shopProducts } from './shop-catalog';
import { operator, shopper } from '../../local/pipeline/demo-people';
import type { World } from './world';

export async function seed(world: World): Promise<void> {
  await world.signInAs(operator);
  const { edge } = await world.signInAs(shopper);
  for (const { stock, ...product } of shopProducts) {
    const edition = createHash('sha256').update(JSON.stringify(product)).digest('hex').slice(0, 8);
    await world.ops.putProduct(product, `seed-product-${product.sku}-${edition}`);
    if (stock > 0) {
      const delivery = { sku: product.sku, quantity: stock };
      await world.ops.bookDelivery(delivery, `seed-stock-${product.sku}`);
    }
  }
  await world.eventually('the shop shows its products', async () => {
    const { products } = await edge.products();
    const shown = new Set(products.map(({ sku }) => sku));
    return shopProducts.every(({ sku }) => shown.has(sku)) ? true : undefined;
  });
}
