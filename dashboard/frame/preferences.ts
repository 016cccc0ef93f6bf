/** What a person chose for the page, kept in the browser: the language and the appearance. */
import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { Catalogue } from '../i18n/catalogue';
import { en } from '../i18n/en';
import { LOCALE_TAGS, localeFor, type Locale } from '../i18n/locale';
import { speak } from '../i18n/translate';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Loaded when they are chosen, so that nobody loads three. */
const CATALOGUES: Readonly<Record<Locale, () => Promise<Catalogue>>> = {
  en: () => Promise.resolve(en),
  ja: async () => (await import('../i18n/ja')).ja,
  zh: async () => (await import('../i18n/zh')).zh,
};

const LOCALE_NAME = 'locale';
const THEME_NAME = 'theme';

export const usePreferences = defineStore('preferences', () => {
  const locale = ref<Locale>(localeFor(kept(LOCALE_NAME), navigator.languages));
  const theme = ref<Theme>(themeFor(kept(THEME_NAME)));

  /** Resolves when the page speaks it; English stays when the texts cannot be loaded. */
  async function useLocale(wanted: Locale): Promise<void> {
    try {
      speak(wanted, await CATALOGUES[wanted]());
      locale.value = wanted;
      document.documentElement.lang = LOCALE_TAGS[wanted];
    } catch {
      locale.value = 'en';
    }
  }

  async function chooseLocale(wanted: Locale): Promise<void> {
    keep(LOCALE_NAME, wanted);
    await useLocale(wanted);
  }

  function useTheme(wanted: Theme): void {
    theme.value = wanted;
    const { dataset } = document.documentElement;
    if (wanted === 'system') delete dataset['theme'];
    else dataset['theme'] = wanted;
  }

  function chooseTheme(wanted: Theme): void {
    keep(THEME_NAME, wanted);
    useTheme(wanted);
  }

  /** To be awaited before the first page is shown, so that no text changes before one's eyes. */
  async function begin(): Promise<void> {
    useTheme(theme.value);
    await useLocale(locale.value);
  }

  return { locale, theme, begin, chooseLocale, chooseTheme };
});

export function themeFor(kept: string | null): Theme {
  return THEMES.find((theme) => theme === kept) ?? 'system';
}

function kept(name: string): string | null {
  try {
    return window.localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** A browser may refuse to keep anything; then the choice lasts as long as the page. */
function keep(name: string, value: string): void {
  try {
    window.localStorage.setItem(name, value);
  } catch {
    // Nothing to do: the choice holds until the page is left.
  }
}
