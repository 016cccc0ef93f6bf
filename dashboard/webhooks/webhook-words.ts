import type { WebhookView } from '../../edge/contract/api-types';

type Verdict = WebhookView['verdict'];

export const VERDICTS = [
  'HINT',
  'TRUSTED',
  'FOREIGN_ORDER',
  'UNKNOWN_KIND',
  'UNREADABLE',
  'REFUSED',
] as const satisfies readonly Verdict[];

/** Undefined for what is no verdict, such as a text that somebody typed into the address. */
export function verdictOf(text: unknown): Verdict | undefined {
  return VERDICTS.find((verdict) => verdict === text);
}
