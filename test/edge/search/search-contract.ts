/**
 * What every product search does, run against each engine on the real thing. Products come in as the
 * views write them, through the engine's own store.
 */
import { questionOf } from '../../../platform/search/search-terms';
import type { EventOf } from '../../../schemas/event';
import type {
  ProductSearch,
  SearchPlace,
  SearchRequest,
} from '../../../edge/search/product-search';
import { productsProjection } from '../../../streams/views/projections/catalog';
import { RowSet } from '../../../streams/views/row-set';
import { products as productsTable } from '../../../streams/views/tables';
import { remove } from '../../../streams/views/table';
import type { ViewDatabase } from '../../../streams/views/view-store';
import { catalogProducts } from '../../../topics/catalog';
import { ofThing } from '../../streams/views/sample-events';

/** An engine of the test's own, empty. */
export interface EngineUnderTest {
  readonly search: ProductSearch;
  readonly store: ViewDatabase;
  /** Resolves when what was committed is found. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
}

type Product = EventOf<'Product'>;

function product(sku: string, name: string, nameJa: string, more: Partial<Product> = {}): Product {
  const texts = { sku, name, nameJa, description: '', descriptionJa: '' };
  const rest = { unitPrice: 500, currency: 'JPY', imageUrl: null, active: true };
  const marks = { actor: '', reason: '', requestKey: '', requestFingerprint: '' };
  return ofThing<'Product'>({ type: 'Product', ...texts, ...rest, ...marks, ...more }, sku);
}

const SHOP: readonly Product[] = [
  product('matcha-30g', 'Ceremonial matcha, 30 g', '抹茶 30g', {
    description: 'Stone-ground tencha from Uji.',
    descriptionJa: '宇治の碾茶を石臼で挽いた抹茶です。',
  }),
  product('matcha-set', 'Matcha', '抹茶セット'),
  product('matcha-bowl', 'Matcha bowl', '抹茶碗'),
  product('latte', 'Latte with matcha', 'ラテ'),
  product('whisk', 'Bamboo whisk', '茶筅', { description: 'For whisking matcha.' }),
  product('hojicha-100g', 'Roasted hojicha, 100 g', 'ほうじ茶 100g'),
  product('coffee', 'Coffee beans', 'コーヒー豆', { descriptionJa: '深煎りの豆です。' }),
  product('yunomi', 'Tea cup', '湯のみ'),
  product('brulee', 'Crème brûlée', 'クレームブリュレ'),
  product('gone', 'Matcha of last year', '去年の抹茶', { active: false }),
];

const PARTITION = 3;

/** Writes as the views do; each call stands behind the one before on the log. */
class Writer {
  private offset = 0;

  constructor(private readonly store: ViewDatabase) {}

  async begin(clusterId: string): Promise<void> {
    await this.store.prepare(clusterId);
    await this.store.begin([{ topic: catalogProducts.name, partition: PARTITION, offset: 0 }]);
  }

  async write(events: readonly Product[]): Promise<void> {
    const rows = new RowSet();
    for (const event of events) {
      const position = { ...this.place, offset: this.offset, timestamp: 0 };
      productsProjection.rows(event, position).forEach((change) => rows.add(change));
    }
    await this.commit(
      events.map(({ sku }) => sku),
      rows,
    );
  }

  async remove(sku: string): Promise<void> {
    const rows = new RowSet();
    rows.add(remove(productsTable, { sku }));
    await this.commit([sku], rows);
  }

  private get place() {
    return { topic: catalogProducts.name, partition: PARTITION };
  }

  private async commit(keys: readonly string[], rows: RowSet): Promise<void> {
    const from = this.offset;
    const records = keys.map((key, index) => ({
      ...this.place,
      offset: from + index,
      timestamp: 0,
      key: Buffer.from(key),
      value: null,
      headers: {},
    }));
    this.offset += keys.length;
    const outcome = await this.store.commit(
      [{ ...this.place, from, next: this.offset, records }],
      rows,
    );
    expect(outcome).toEqual({ kind: 'committed' });
  }
}

export function describeProductSearch(name: string, open: () => Promise<EngineUnderTest>): void {
  describe(`product search in ${name}`, () => {
    let engine: EngineUnderTest;
    let writer: Writer;

    beforeAll(async () => {
      engine = await open();
      writer = new Writer(engine.store);
      await writer.begin('cluster-1');
      await writer.write(SHOP);
      await engine.settled();
    });
    afterAll(() => engine.close());

    const found = async (text: string, request: Partial<SearchRequest> = {}) => {
      const asked = { among: 'everything', limit: 50, ...request } as const;
      const places = await engine.search.find(questionOf(text), asked);
      return places.map(({ sku }) => sku);
    };

    test('gives what is exact before what begins so, words, descriptions and typos', async () => {
      expect(await found('matcha')).toEqual([
        'matcha-set',
        'matcha-30g',
        'matcha-bowl',
        'latte',
        'whisk',
      ]);
      const places = await engine.search.find(questionOf('matcha'), {
        among: 'everything',
        limit: 50,
      });
      expect(places.map(({ rank }) => rank)).toEqual([0, 1, 1, 2, 3]);
    });

    test.each([
      ['a sku', 'matcha-30g', ['matcha-30g']],
      ['the beginning of a word', 'bamb', ['whisk']],
      ['words in any order', 'cup tea', ['yunomi']],
      ['words of name and description', 'bamboo whisking', ['whisk']],
      ['full-width letters', 'ＢＡＭＢＯＯ', ['whisk']],
      ['letters without their accents', 'creme brulee', ['brulee']],
      ['one letter of Japanese', '筅', ['whisk']],
      ['two letters in the middle of Japanese', '茶碗', ['matcha-bowl']],
      ['four letters in the middle of a description', '石臼で挽', ['matcha-30g']],
      ['one letter of a description', '深', ['coffee']],
      ['hiragana for katakana', 'こーひー', ['coffee']],
      ['half-width katakana', 'ｺｰﾋｰ', ['coffee']],
      ['katakana for hiragana', 'ホウジ茶', ['hojicha-100g']],
      ['a dash for the long vowel', 'コ－ヒ－豆', ['coffee']],
      ['Japanese and a number together', '抹茶30g', ['matcha-30g']],
      ['an ideographic space between words', 'ほうじ茶　100ｇ', ['hojicha-100g']],
      ['Japanese and English together', '抹茶 bowl', ['matcha-bowl']],
    ])('finds by %s', async (_what, text, skus) => {
      expect(await found(text)).toEqual(skus);
    });

    test.each([
      ['two letters that are swapped', 'bmaboo', ['whisk']],
      ['two other letters', 'hocijha', ['hojicha-100g']],
      ['a letter that is missing', 'hojcha', ['hojicha-100g']],
      ['a letter too many', 'bambooo', ['whisk']],
      ['another letter', 'coffie', ['coffee']],
      ['a typo in a word that is not finished', 'hojoch', ['hojicha-100g']],
      ['a typo beside a word that is right', 'roasted hojcha', ['hojicha-100g']],
      ['a wrong kana', 'ほうし茶', ['hojicha-100g']],
      ['a kana that is missing', 'コーヒ豆', ['coffee']],
    ])('tolerates %s', async (_what, text, skus) => {
      expect(await found(text)).toEqual(skus);
    });

    test.each([
      ['a short word but for a letter', 'cap'],
      ['letters that do not stand together', '抹碗'],
      ['a word that only half fits', 'tea whisk'],
      ['what nothing is called', 'umbrella'],
      ['signs alone', '！？'],
      ['wildcards', '%'],
      ['quotes and operators', "' | ! & ( :*"],
      ['what is not for sale', '去年'],
    ])('finds nothing by %s', async (_what, text) => {
      expect(await found(text)).toEqual([]);
    });

    test('takes any text as a text', async () => {
      const hostile = ["matcha' or 1=1 --", 'matcha:*', 'matcha\\', '\0matcha', 'x'.repeat(100)];
      for (const text of [...hostile, '茶'.repeat(100), '\ud800', '{"query":1}']) {
        expect(Array.isArray(await found(text))).toBe(true);
      }
      expect(await found("matcha' (bowl) :*")).toEqual(['matcha-bowl']);
    });

    test('looks for suggestions among names alone', async () => {
      expect(await found('uji', { among: 'names' })).toEqual([]);
      expect(await found('uji')).toEqual(['matcha-30g']);
      expect(await found('抹', { among: 'names', limit: 2 })).toEqual(['matcha-30g', 'matcha-set']);
    });

    test('gives pages that leave nothing out and nothing twice', async () => {
      const all = await found('matcha');
      for (const limit of [1, 2, 3]) {
        const paged: string[] = [];
        let after: SearchPlace | undefined;
        do {
          const page = await engine.search.find(questionOf('matcha'), {
            among: 'everything',
            limit,
            ...(after === undefined ? {} : { after }),
          });
          paged.push(...page.map(({ sku }) => sku));
          after = page.length === limit ? page.at(-1) : undefined;
        } while (after !== undefined);
        expect(paged).toEqual(all);
      }
    });

    describe('after a change', () => {
      test('finds a product by its new name, and no longer by the old one', async () => {
        await writer.write([product('umeshu', 'Plum wine', '梅酒')]);
        await engine.settled();
        expect(await found('plum')).toEqual(['umeshu']);
        await writer.write([product('umeshu', 'Apricot wine', '杏酒')]);
        await engine.settled();
        expect(await found('plum')).toEqual([]);
        expect(await found('杏')).toEqual(['umeshu']);
      });

      test('finds no product that was withdrawn or removed', async () => {
        await writer.write([product('sake', 'Sake', '酒粕'), product('mirin', 'Mirin', '味醂')]);
        await writer.write([product('sake', 'Sake', '酒粕', { active: false })]);
        await writer.remove('mirin');
        await engine.settled();
        expect(await found('粕')).toEqual([]);
        expect(await found('mirin')).toEqual([]);
        await writer.write([product('sake', 'Sake', '酒粕')]);
        await engine.settled();
        expect(await found('粕')).toEqual(['sake']);
      });
    });
  });
}
