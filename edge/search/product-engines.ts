/**
 * Which engine is asked: OpenSearch where it is configured, and Postgres where it is not, or does not
 * answer. Both give the same products in the same order, so that a page may come from the one and the
 * next from the other.
 */
import { openSearchClient, PRODUCT_INDEX } from '../../platform/search/product-index';
import { EdgeError } from '../errors';
import { limits } from '../limits';
import { openSearch } from './opensearch-search';
import type { ProductSearch } from './product-search';

export interface ProductEngines {
  readonly search: ProductSearch;
  /** Resolves when OpenSearch has the index; undefined where there is none. */
  readonly check: (() => Promise<void>) | undefined;
  close(): Promise<void>;
}

/** `onFailure` is told each time that OpenSearch could not be asked. */
export function productEngines(
  openSearchUrl: string | undefined,
  postgres: ProductSearch,
  onFailure: (error: unknown) => void,
): ProductEngines {
  if (openSearchUrl === undefined) {
    return { search: postgres, check: undefined, close: () => Promise.resolve() };
  }
  const client = openSearchClient({
    url: openSearchUrl,
    answerWithinMs: limits.openSearchAnswerMs,
  });
  return {
    search: inTurn(openSearch(client), postgres, onFailure),
    check: async () => {
      await client.count({ index: PRODUCT_INDEX });
    },
    close: () => client.close(),
  };
}

/** The second is asked what the first does not answer. */
export function inTurn(
  first: ProductSearch,
  second: ProductSearch,
  onFailure: (error: unknown) => void,
): ProductSearch {
  return {
    find: async (question, request) => {
      try {
        return await first.find(question, request);
      } catch (error) {
        if (!(error instanceof EdgeError)) throw error;
        onFailure(error.cause);
        return second.find(question, request);
      }
    },
  };
}
