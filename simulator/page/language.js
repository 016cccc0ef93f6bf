import { TEXTS } from './texts.js';

/**
 * The language of the pages: chosen here, else the first of the browser's that there is, else English.
 * `data-text` of an element names what it says; `data-title` and `data-label` what is said of it.
 */
const KEY = 'locale';
const NAMES = { ja: '日本語', en: 'English', zh: '简体中文' };

let language = chosenBefore() ?? firstOf(navigator.languages) ?? 'en';

/** `{name}` in a text becomes the value of that name. */
export function text(key, values = {}) {
  const words = TEXTS[language][key] ?? TEXTS.en[key] ?? key;
  return words.replaceAll(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));
}

/** Says what stands in the page itself. */
export function sayPage(titleKey) {
  document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language;
  document.title = text(titleKey);
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = text(element.dataset.text);
  }
  for (const element of document.querySelectorAll('[data-title]')) {
    element.title = text(element.dataset.title);
  }
  for (const element of document.querySelectorAll('[data-label]')) {
    element.setAttribute('aria-label', text(element.dataset.label));
  }
}

/** Fills a select with the languages; `changed` says anew what the page has said by itself. */
export function offerLanguages(select, changed) {
  for (const [value, name] of Object.entries(NAMES)) {
    select.add(new Option(name, value, value === language, value === language));
  }
  select.addEventListener('change', () => {
    language = select.value;
    keep(language);
    changed();
  });
}

function firstOf(wanted) {
  return wanted.map((tag) => tag.slice(0, 2)).find((tag) => Object.hasOwn(TEXTS, tag));
}

/** A browser may keep nothing; then the choice lasts as long as the page. */
function chosenBefore() {
  try {
    return firstOf([localStorage.getItem(KEY) ?? '']);
  } catch {
    return undefined;
  }
}

function keep(value) {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // It was refused before.
  }
}
