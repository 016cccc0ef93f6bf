import {
  SEARCH_LIMITS,
  isUnsegmentedQuestion,
  questionOf,
  swapsOf,
  termsOfProduct,
} from '../../../platform/search/search-terms';

const MATCHA = {
  sku: 'matcha-30g',
  name: 'Uji matcha, 30 g',
  nameJa: '宇治抹茶 30g',
  description: 'Stone-ground.',
  descriptionJa: '石臼挽き',
};

describe('a product is indexed by', () => {
  test('its sku and names as lines', () => {
    expect(termsOfProduct(MATCHA).lines).toBe('\nmatcha 30g\nuji matcha 30 g\n宇治抹茶 30g\n');
  });

  test('the words of its names, and runs of up to three letters where no space tells words apart', () => {
    expect(termsOfProduct(MATCHA).nameWords).toBe(
      'matcha 30g uji 30 g 宇 治 抹 茶 宇治 治抹 抹茶 宇治抹 治抹茶',
    );
  });

  test('the words of its descriptions, beside those of its names', () => {
    const { nameWords, words } = termsOfProduct(MATCHA);
    expect(words.startsWith(nameWords)).toBe(true);
    expect(words.split(' ')).toEqual(expect.arrayContaining(['stone', 'ground', '石臼挽', 'き']));
  });

  test('how the words of its names begin, and parts of Japanese names, to compare typos with', () => {
    expect(termsOfProduct(MATCHA).grams).toBe(
      'mat matc match matcha 30g uji 宇治抹 治抹茶 宇治抹茶',
    );
  });

  test('no more than its limits, whatever stands in it', () => {
    const long = { ...MATCHA, name: 'x'.repeat(100_000), descriptionJa: '茶'.repeat(100_000) };
    const terms = termsOfProduct(long);
    const { wordLettersMax, fieldLettersMax } = SEARCH_LIMITS;
    const lengths = terms.words.split(' ').map((word) => word.length);
    expect(Math.max(...lengths)).toBe(wordLettersMax);
    expect(terms.lines.length).toBeLessThan(2 * fieldLettersMax);
    expect(terms.order).toHaveLength(wordLettersMax);
  });

  test('nothing but its lines when it has no letters', () => {
    const mute = { sku: '-', name: '!', nameJa: '！', description: '', descriptionJa: '' };
    expect(termsOfProduct(mute)).toEqual({
      ...{ lines: '\n\n\n\n', nameWords: '', words: '', grams: '', order: '' },
    });
  });
});

describe('a question asks for', () => {
  test('products with a word that begins so', () => {
    expect(questionOf('Matc').parts).toEqual([
      { text: 'matc', terms: [{ kind: 'begins', text: 'matc' }], typosMax: 1 },
    ]);
  });

  test('Japanese letters as they stand together, however many', () => {
    const runsOf = (text: string) => questionOf(text).parts[0]?.terms.map((term) => term.text);
    expect(runsOf('茶')).toEqual(['茶']);
    expect(runsOf('抹茶')).toEqual(['抹茶']);
    expect(runsOf('宇治抹茶')).toEqual(['宇治抹', '治抹茶']);
  });

  test('all of its parts, each once, up to a limit', () => {
    const parts = (text: string) => questionOf(text).parts.map((part) => part.text);
    expect(parts('お茶　セット tea 30ｇ tea')).toEqual(['お茶', 'せっと', 'tea', '30g']);
    const many = Array.from({ length: 99 }, (_, n) => `w${String(n)}`).join(' ');
    expect(parts(many)).toHaveLength(SEARCH_LIMITS.partsMax);
    expect(parts('！？')).toEqual([]);
  });

  test.each([
    ['tea', 0],
    ['bowl', 1],
    ['whisk', 1],
    ['matcha', 2],
    ['ほうじ', 0],
    ['ほうじ茶', 1],
    ['x'.repeat(25), 0],
  ])('%s with up to %d typos', (text, typosMax) => {
    expect(questionOf(text).parts[0]?.typosMax).toBe(typosMax);
  });
});

test('neighbours are swapped once each', () => {
  expect(swapsOf('whsk')).toEqual(['hwsk', 'wshk', 'whks']);
  expect(swapsOf('𠮷茶')).toEqual(['茶𠮷']);
});

test('a question is Japanese by how it begins', () => {
  expect(['茶 tea', 'tea 茶'].map((text) => isUnsegmentedQuestion(questionOf(text)))).toEqual([
    true,
    false,
  ]);
});
