/**
 * The index of products in OpenSearch: what the views write and the edge asks. Words are made by
 * search-terms.ts, so that every field is a keyword: OpenSearch looks terms up and analyses nothing.
 */
import { Client } from '@opensearch-project/opensearch';

/** Raised with the mapping below, or when indexed terms of an earlier build would be wrong. */
export const PRODUCT_INDEX_FORMAT = 1;

/** An alias: writing to it makes no index by itself, which would have none of the fields below. */
export const PRODUCT_INDEX = `shop-products-${String(PRODUCT_INDEX_FORMAT)}`;
/** What the alias stands for. */
export const PRODUCT_INDEX_DATA = `${PRODUCT_INDEX}-data`;

/** A product, for sale or not. */
export interface ProductDocument {
  readonly sku: string;
  readonly active: boolean;
  /** Sku and names, folded. */
  readonly lines: readonly string[];
  readonly name_words: readonly string[];
  readonly words: readonly string[];
  readonly grams: readonly string[];
  readonly order: string;
  readonly source_partition: number;
}

const keyword = { type: 'keyword' } as const;

/** The positions of the views stand beside the products, and are deleted with them. */
export const PRODUCT_INDEX_FIELDS = {
  ...{ sku: keyword, active: { type: 'boolean' }, lines: keyword, name_words: keyword },
  ...{ words: keyword, grams: keyword, order: keyword, source_partition: { type: 'integer' } },
  ...{ next_offset: { type: 'long', index: false }, committed_at: { type: 'date', index: false } },
} as const;

export interface OpenSearchOptions {
  /** http://host:port, with user and password if it wants them. */
  readonly url: string;
  /** Of one answer. */
  readonly answerWithinMs: number;
}

/** Retries are the callers': they know what may be asked twice, and for how long. */
export function openSearchClient({ url, answerWithinMs }: OpenSearchOptions): Client {
  return new Client({ node: url, requestTimeout: answerWithinMs, maxRetries: 0 });
}
