/** What the demo shop sells. The last two are there to fail: one has no stock, one costs too much. */
export interface ShopProduct {
  readonly sku: string;
  readonly name: string;
  readonly nameJa: string;
  readonly description: string;
  readonly descriptionJa: string;
  readonly unitPrice: number;
  /** Pieces that the seed delivers. */
  readonly stock: number;
}

export const shopProducts: readonly ShopProduct[] = [
  {
    sku: 'matcha-30g',
    name: 'Ceremonial matcha, 30 g',
    nameJa: '抹茶 30g',
    description: 'Stone-ground tencha from Uji.',
    descriptionJa: '宇治の碾茶を石臼で挽いた抹茶です。',
    unitPrice: 1_200,
    stock: 10_000,
  },
  {
    sku: 'chasen',
    name: 'Bamboo whisk',
    nameJa: '茶筅',
    description: 'Hand-split, 80 prongs.',
    descriptionJa: '八十本立の手作り茶筅です。',
    unitPrice: 2_400,
    stock: 10_000,
  },
  {
    sku: 'hojicha-100g',
    name: 'Roasted hojicha, 100 g',
    nameJa: 'ほうじ茶 100g',
    description: 'Roasted in small batches in Kyoto.',
    descriptionJa: '京都で少量ずつ焙じたお茶です。',
    unitPrice: 980,
    stock: 10_000,
  },
  {
    sku: 'sold-out-bowl',
    name: 'Raku tea bowl (sold out)',
    nameJa: '楽茶碗（品切れ）',
    description: 'One of a kind, and already gone.',
    descriptionJa: '一点物のため品切れです。',
    unitPrice: 18_000,
    stock: 0,
  },
  {
    sku: 'tea-room',
    name: 'Tea room kit',
    nameJa: '組立茶室',
    description: 'Two mats, self-assembly. Costs more than a new customer may spend.',
    descriptionJa: '二畳の組立式茶室です。初めてのお客様の利用限度額を超えます。',
    unitPrice: 880_000,
    stock: 100,
  },
];
