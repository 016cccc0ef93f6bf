import { foldedText, isUnsegmented } from '../../../platform/search/folded-text';

test.each([
  ['matcha', ['ＭＡＴＣＨＡ', 'Matcha', ' matcha ', '「matcha」']],
  ['こーひー', ['コーヒー', 'ｺｰﾋｰ', 'こーひー', 'コ－ヒ－', 'コ―ヒ―']],
  ['がらす', ['ガラス', 'ｶﾞﾗｽ', 'か\u3099らす']],
  ['creme brulee', ['crème brûlée', 'Cre\u0300me  Brulee']],
  ['抹茶 30g', ['抹茶30g', '抹茶 30ｇ', '抹茶　３０Ｇ', '抹茶・30g']],
  ['楽茶碗品切れ', ['楽茶碗（品切れ）', '楽茶碗 品切れ']],
  ['tea bowl raku', ['Tea-bowl (Raku)', 'tea_bowl/raku']],
  ['ちゃ 100g', ['チャ-100g', 'ちゃ 100g']],
  ['人々', ['人々']],
  ['한국 tea', ['한국 tea']],
  ['a b', ['a\0b', 'a😀b', 'a\ud800b']],
  ['', ['', '！？', '---', '😀']],
])('what is meant alike folds alike: %p', (folded, texts) => {
  expect(texts.map(foldedText)).toEqual(texts.map(() => folded));
});

test('what is folded folds to itself', () => {
  const texts = ['ｺｰﾋｰ豆 200g', 'Crème de thé', '楽茶碗（品切れ）', 'お茶・セット-B'];
  for (const text of texts) expect(foldedText(foldedText(text))).toBe(foldedText(text));
});

test('a part is unsegmented by its first letter', () => {
  expect(['茶', 'ー', '々', 'か'].map(isUnsegmented)).toEqual([true, true, true, true]);
  expect(['tea', '30g', '한국', ''].map(isUnsegmented)).toEqual([false, false, false, false]);
});
