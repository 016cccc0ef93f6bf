import type { WebhookView } from '../../edge/contract/api-types';

type Verdict = WebhookView['verdict'];

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  HINT: 'Hint: PayPay’s API was asked',
  TRUSTED: 'Trusted: from PayPay’s address',
  FOREIGN_ORDER: 'Another shop’s order',
  UNKNOWN_KIND: 'Another kind',
  UNREADABLE: 'Unreadable',
  REFUSED: 'Refused',
};

export const VERDICTS = Object.keys(VERDICT_WORDS) as readonly Verdict[];

/** Undefined for what is no verdict, such as a text that somebody typed into the address. */
export function verdictOf(text: unknown): Verdict | undefined {
  return VERDICTS.find((verdict) => verdict === text);
}
