/** Failures in the words of whoever uses the page, and not of whoever runs the services. */
import { currentLocale, t, textOf } from '../i18n/translate';
import { serverText } from '../text/server-text';

interface CodedFailure {
  readonly message: string;
  readonly code?: string;
}

/** What the edge says of these is about its services; the page says what it means for people. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  'LOG_UNAVAILABLE',
  'VIEWS_UNAVAILABLE',
  'VIEWS_BEHIND',
  'SESSIONS_UNAVAILABLE',
  'IDENTITY_UNAVAILABLE',
  'CATALOG_LOADING',
  'UNKNOWN_SKU',
  'NOT_OWNER',
  'ORDER_ENDED',
]);

/** The edge's own message where nothing better is known, and it is in the reader's language. */
export function failureWords({ code, message }: CodedFailure): string {
  if (code === undefined || code === 'NO_ANSWER') return unreachableWords(message);
  const own = textOf(`failures.codes.${code}`);
  if (OWN_WORDS.has(code) && own !== undefined) return own;
  if (currentLocale() === 'en') return message;
  const translated = serverText(message);
  return translated === message ? (own ?? t('failures.refused', { code })) : translated;
}

/** Of a request that no edge has answered: `message` is the page's own. */
function unreachableWords(message: string): string {
  const status = /\b[1-5]\d\d\b/.exec(message)?.[0];
  return status === undefined ? t('failures.noAnswer') : t('failures.answered', { status });
}
