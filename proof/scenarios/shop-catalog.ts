/**
 * What the demo shop sells: what the stories order, two of it there to fail (one has no stock, one costs
 * too much), and enough else that there is something to search for.
 */
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

/** What the stories order; the last two of them fail. */
const storyProducts: readonly ShopProduct[] = [
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

/** The rest: nothing but a shop. */
const shelf: readonly ShopProduct[] = [
  offer(
    'sencha-100g',
    'Sencha, 100 g',
    '煎茶 100g',
    'First flush from Shizuoka.',
    '静岡の一番茶です。',
    1_100,
  ),
  offer(
    'gyokuro-50g',
    'Gyokuro, 50 g',
    '玉露 50g',
    'Grown in the shade for three weeks.',
    '三週間、日陰で育てたお茶です。',
    2_100,
  ),
  offer(
    'genmaicha-100g',
    'Genmaicha, 100 g',
    '玄米茶 100g',
    'Green tea with roasted rice.',
    '炒った玄米入りの緑茶です。',
    780,
  ),
  offer(
    'bancha-200g',
    'Bancha, 200 g',
    '番茶 200g',
    'For every day, low in caffeine.',
    '普段使いの、カフェインの少ないお茶です。',
    640,
  ),
  offer(
    'kukicha-100g',
    'Kukicha, 100 g',
    '茎茶 100g',
    'Stems and veins, lightly sweet.',
    '茎の、ほのかな甘みのお茶です。',
    720,
  ),
  offer(
    'mugicha-52',
    'Barley tea, 52 bags',
    '麦茶 52袋',
    'Drunk cold in summer.',
    '夏に冷やして飲むお茶です。',
    480,
  ),
  offer(
    'sobacha-100g',
    'Buckwheat tea, 100 g',
    'そば茶 100g',
    'Roasted buckwheat, no caffeine.',
    '韃靼そばを焙煎した、カフェインのないお茶です。',
    690,
  ),
  offer(
    'oolong-100g',
    'Oolong, 100 g',
    'ウーロン茶 100g',
    'Half oxidised.',
    '半発酵のお茶です。',
    890,
  ),
  offer(
    'wakocha-80g',
    'Japanese black tea, 80 g',
    '和紅茶 80g',
    'From Ureshino, soft and round.',
    '嬉野の、渋みの少ない紅茶です。',
    980,
  ),
  offer(
    'earl-grey-80g',
    'Earl Grey, 80 g',
    'アールグレイ 80g',
    'Black tea with bergamot.',
    'ベルガモットの香りの紅茶です。',
    920,
  ),
  offer(
    'coffee-200g',
    'Coffee beans, 200 g',
    'コーヒー豆 200g',
    'Dark roast for drip coffee.',
    'ドリップ用の深煎りです。',
    1_300,
  ),
  offer(
    'matcha-latte',
    'Matcha latte mix',
    '抹茶ラテの素',
    'Sweetened; add milk.',
    '牛乳を注ぐだけの加糖タイプです。',
    680,
  ),
  offer(
    'matcha-set',
    'Matcha starter set',
    '抹茶セット',
    'Bowl, whisk, scoop and 30 g of matcha.',
    '茶碗、茶筅、茶杓と抹茶30gの入門セットです。',
    6_800,
  ),
  offer(
    'chashaku',
    'Bamboo tea scoop',
    '茶杓',
    'Carved from one piece of bamboo.',
    '竹一本から削り出しました。',
    1_200,
  ),
  offer('chawan-white', 'White tea bowl', '白い抹茶碗', 'Hagi ware.', '萩焼の茶碗です。', 5_400),
  offer('yunomi', 'Tea cup', '湯のみ', 'Mino ware, 200 ml.', '美濃焼、200mlです。', 1_500),
  offer(
    'kyusu',
    'Side-handled teapot',
    '急須',
    'Tokoname clay with a fine strainer.',
    '常滑焼、細かい茶こし付きです。',
    4_800,
  ),
  offer(
    'dobin',
    'Teapot with a bail handle',
    '土瓶',
    'For a whole table.',
    '大勢でのお茶に。',
    5_200,
  ),
  offer(
    'tetsubin',
    'Cast-iron kettle',
    '鉄瓶',
    'Nambu ironware, 1.2 l.',
    '南部鉄器、1.2リットルです。',
    14_000,
  ),
  offer('chakoshi', 'Tea strainer', '茶こし', 'Stainless steel.', 'ステンレス製です。', 600),
  offer(
    'chazutsu',
    'Tea caddy',
    '茶筒',
    'Covered with cherry bark.',
    '桜の樹皮を張った茶筒です。',
    3_900,
  ),
  offer(
    'natsume',
    'Lacquered caddy for thin tea',
    '棗',
    'Black lacquer.',
    '黒塗りの薄茶器です。',
    7_200,
  ),
  offer('furoshiki', 'Wrapping cloth', '風呂敷', 'Cotton, 70 cm.', '綿、70cmです。', 1_600),
  offer(
    'wagashi-6',
    'Six seasonal sweets',
    '季節の和菓子 6個',
    'Bean paste, made this morning.',
    '今朝つくった練り切りです。',
    1_800,
  ),
  offer(
    'yokan',
    'Sweet bean jelly',
    '羊羹',
    'Azuki beans from Hokkaido.',
    '北海道の小豆を使いました。',
    1_400,
  ),
  offer(
    'senbei',
    'Rice crackers',
    'せんべい',
    'Soy sauce, baked by hand.',
    '手焼きの醤油味です。',
    560,
  ),
  offer(
    'dorayaki-5',
    'Five dorayaki',
    'どら焼き 5個',
    'Pancakes with bean paste.',
    '粒あん入りです。',
    950,
  ),
  offer(
    'kinako-bar',
    'Kinako crêpe',
    'きなこクレープ',
    'Crêpe with roasted soy flour.',
    'きなこを包んだクレープです。',
    420,
  ),
  offer(
    'gift-box',
    'Gift box',
    'ギフトボックス',
    'For up to three things.',
    '三点まで入る贈答用の箱です。',
    500,
  ),
];

export const shopProducts: readonly ShopProduct[] = [...storyProducts, ...shelf];

function offer(
  sku: string,
  name: string,
  nameJa: string,
  description: string,
  descriptionJa: string,
  unitPrice: number,
): ShopProduct {
  return { sku, name, nameJa, description, descriptionJa, unitPrice, stock: 1_000 };
}
