/**
 * What the routes need of a search engine. Postgres is one; what any other must do as well is said by
 * the contract suite (test/edge/search): the same question finds the same products in the same order.
 *
 * Ranks, best first, and by the English name within each:
 *
 *   0 exact        the sku or a name is what was asked
 *   1 prefix       the sku or a name begins with it
 *   2 word         every part of the question is in the sku or the names
 *   3 description  … or in the descriptions
 *   4 one typo     every part is in the names but for one letter
 *   5 two typos    … but for two, where the part is long enough
 */
import type { Question } from '../../platform/search/search-terms';

export const RANKS = {
  exact: 0,
  prefix: 1,
  word: 2,
  description: 3,
  oneTypo: 4,
  twoTypos: 5,
} as const;

export type Rank = (typeof RANKS)[keyof typeof RANKS];

/** A place in the order of what was found; no two products share one. */
export interface SearchPlace {
  readonly rank: number;
  readonly order: string;
  readonly sku: string;
}

export interface PageRequest {
  /** At least 1. */
  readonly limit: number;
  /** The last one of the page before. */
  readonly after?: SearchPlace;
}

export interface SearchRequest extends PageRequest {
  /** Suggestions look at names alone. */
  readonly among: 'names' | 'everything';
}

export interface ProductSearch {
  /**
   * Products for sale, best first, fewer than `limit` only when there are no more. None for a question
   * without parts. Rejects with `VIEWS_UNAVAILABLE` when it cannot be told.
   */
  find(question: Question, request: SearchRequest): Promise<readonly SearchPlace[]>;
}
