import { MOTIFS, pictureOf } from '../../../dashboard/shop/product-motif';
import { shopProducts } from '../../../proof/scenarios/shop-catalog';

test('every product of the demo shop has a picture, and not all the same', () => {
  const motifs = shopProducts.map(({ sku }) => pictureOf(sku).motif);
  expect(new Set(motifs).size).toBeGreaterThan(10);
  for (const motif of motifs) expect(MOTIFS[motif].length).toBeGreaterThan(0);
});

test('what the shop does not know has a picture all the same', () => {
  expect(pictureOf('something-else').motif).toBe('pouch');
});
