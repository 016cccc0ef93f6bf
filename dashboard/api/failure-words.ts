/** Failures in the words of whoever uses the page, and not of whoever runs the services. */
import type { ErrorCode } from '../../edge/contract/api-types';

const WORDS: Partial<Record<ErrorCode, string>> = {
  LOG_UNAVAILABLE: 'Nothing new can be taken or followed right now (Kafka does not answer).',
  VIEWS_UNAVAILABLE:
    'Orders, products and alerts cannot be read right now (Postgres does not answer).',
  VIEWS_BEHIND: 'What can be read is far behind what is happening.',
  SESSIONS_UNAVAILABLE: 'Nobody can be let in right now (Redis does not answer).',
  IDENTITY_UNAVAILABLE: 'Nobody can sign in right now (Firebase does not answer).',
  CATALOG_LOADING: 'The shop is just opening.',
  UNKNOWN_SKU: 'It is no longer for sale.',
  NOT_OWNER: 'Only who placed the order may cancel it.',
  ORDER_ENDED: 'The order has ended.',
};

interface CodedFailure {
  readonly message: string;
  readonly code?: string;
}

/** The edge's own message where nothing better is known. */
export function failureWords({ code, message }: CodedFailure): string {
  return (WORDS as Readonly<Record<string, string | undefined>>)[code ?? ''] ?? message;
}
