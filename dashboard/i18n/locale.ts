/** The languages of the page, and which of them a person sees. Pure. */
export const LOCALES = ['ja', 'en', 'zh'] as const;
export type Locale = (typeof LOCALES)[number];

/** Each language by its own name, so that whoever is lost finds home. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = {
  ja: '日本語',
  en: 'English',
  zh: '简体中文',
};

/** For the `lang` of the page, by which browsers choose fonts and screen readers voices. */
export const LOCALE_TAGS: Readonly<Record<Locale, string>> = {
  ja: 'ja',
  en: 'en',
  zh: 'zh-Hans',
};

/** `kept`: what was chosen before, or anything; `wanted`: the browser's languages, best first. */
export function localeFor(kept: string | null, wanted: readonly string[]): Locale {
  const chosen = LOCALES.find((locale) => locale === kept);
  if (chosen !== undefined) return chosen;
  const [first] = wanted.flatMap((tag) => LOCALES.filter((locale) => speaks(tag, locale)));
  return first ?? 'en';
}

/** zh-TW reads 简体中文 rather than English. */
function speaks(tag: string, locale: Locale): boolean {
  return tag.toLowerCase().split('-', 1)[0] === locale;
}
