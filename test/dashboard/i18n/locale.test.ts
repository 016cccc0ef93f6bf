import { localeFor } from '../../../dashboard/i18n/locale';

test.each([
  ['what was chosen before', 'zh', ['ja'], 'zh'],
  ['the first of the browser’s languages that there is', null, ['fr-FR', 'ja-JP', 'en'], 'ja'],
  ['Chinese for whoever reads another Chinese', null, ['zh-TW'], 'zh'],
  ['English for whoever reads none of them', null, ['fr'], 'en'],
  ['the browser’s when what was kept is no language', 'xx', ['zh-CN'], 'zh'],
] as const)('a person sees %s', (_what, kept, wanted, locale) => {
  expect(localeFor(kept, wanted)).toBe(locale);
});
