/**
 * The texts of the page in the one language that its reader sees. English is there from the start,
 * and stands in for what another language lacks.
 */
import { createI18n } from 'vue-i18n';
import type { Catalogue, TextKey } from './catalogue';
import { en } from './en';
import { LOCALE_TAGS, type Locale } from './locale';

type Values = Readonly<Record<string, string | number>>;

/** The part of vue-i18n's composer that the page uses; its own types follow every key of every text. */
interface Composer {
  readonly locale: { value: string };
  t(key: string, values: Values, plural?: number): string;
  te(key: string, locale?: string): boolean;
  setLocaleMessage(locale: string, texts: Catalogue): void;
}

const composer = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages: { en },
}).global as unknown as Composer;

/** Texts without values in the language of now: a long list asks for the same ones for each row. */
const PLAIN = new Map<TextKey, string>();

/** The text of a key in the language of now; `{name}` in it becomes the value of that name. */
export function t(key: TextKey, values?: Values): string {
  if (values !== undefined) return composer.t(key, values);
  // Whoever shows it is told when the language changes, also where the text is known already.
  void currentLocale();
  let text = PLAIN.get(key);
  if (text === undefined) {
    text = composer.t(key, {});
    PLAIN.set(key, text);
  }
  return text;
}

/** The text for so many: `{n}` is the number, and `|` parts one from many. */
export function tn(key: TextKey, n: number, values: Values = {}): string {
  return composer.t(key, { ...values, n: numberText(n) }, n);
}

/** Of a key that the catalogue may lack, such as an event newer than it; then undefined. */
export function textOf(key: string): string | undefined {
  return composer.te(key) || composer.te(key, 'en') ? composer.t(key, {}) : undefined;
}

export function currentLocale(): Locale {
  return composer.locale.value as Locale;
}

/** To make one costs more than to use it a hundred times, and a long list is full of figures. */
const FORMATS = new Map<Locale, Intl.NumberFormat>();

/** 1,234 in all three languages. */
export function numberText(n: number): string {
  const locale = currentLocale();
  let format = FORMATS.get(locale);
  if (format === undefined) {
    format = new Intl.NumberFormat(LOCALE_TAGS[locale]);
    FORMATS.set(locale, format);
  }
  return format.format(n);
}

/** From now on the page speaks it; whatever shows a text shows it anew. */
export function speak(locale: Locale, texts: Catalogue): void {
  composer.setLocaleMessage(locale, texts);
  PLAIN.clear();
  composer.locale.value = locale;
}
