/**
 * What the apps wrote into the log for people, in the reader's language. The log holds English; the
 * sentences that the apps make are few, so each stands in the catalogue with places for its values.
 * One that is not there is shown as it was written.
 */
import { en } from '../i18n/en';
import { currentLocale, t } from '../i18n/translate';
import type { TextKey } from '../i18n/catalogue';

interface Sentence {
  readonly key: TextKey;
  readonly pattern: RegExp;
}

const SENTENCES: readonly Sentence[] = Object.entries(en.server)
  .map(([name, text]) => ({ key: `server.${name}` as TextKey, text }))
  // Of two that fit, the one that says more itself.
  .sort((a, b) => fixedPart(b.text).length - fixedPart(a.text).length)
  .map(({ key, text }) => ({ key, pattern: patternOf(text) }));

export function serverText(written: string): string {
  if (currentLocale() === 'en') return written;
  for (const { key, pattern } of SENTENCES) {
    const match = pattern.exec(written);
    if (match !== null) return t(key, yenOf(match.groups ?? {}));
  }
  return written;
}

/** Whether the catalogue knows the sentence: a test holds what the apps write against it. */
export function isKnownSentence(written: string): boolean {
  return SENTENCES.some(({ pattern }) => pattern.test(written));
}

/** Where ¥ is another currency, the values say which one they mean, as money does everywhere else. */
function yenOf(groups: Readonly<Record<string, string>>): Record<string, string> {
  const isAmbiguous = currentLocale() === 'zh';
  const values = Object.entries(groups).map(([name, text]): [string, string] => [
    name,
    isAmbiguous ? text.replaceAll('¥', 'JP¥') : text,
  ]);
  return Object.fromEntries(values);
}

function fixedPart(text: string): string {
  return text.replaceAll(/\{\w+\}/g, '');
}

/** `Customer paid {paid}` as an expression with a group named `paid`. */
function patternOf(text: string): RegExp {
  const parts = text.split(/\{(\w+)\}/).map((part, place) => {
    // Names of values stand between the texts, at the odd places.
    return place % 2 === 1 ? `(?<${part}>.+?)` : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}
