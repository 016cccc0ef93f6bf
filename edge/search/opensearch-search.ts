/**
 * Product search in OpenSearch, over the index that the views write (platform/search/product-index.ts).
 *
 * The score is the rank and nothing else: each rank is a condition with a constant score, the best that
 * holds counts. So the order is the one that Postgres gives, and pages never overlap.
 */
import type { Client } from '@opensearch-project/opensearch';
import {
  swapsOf,
  type AskedPart,
  type AskedTerm,
  type Question,
} from '../../platform/search/search-terms';
import { PRODUCT_INDEX } from '../../platform/search/product-index';
import { EdgeError } from '../errors';
import { RANKS, type ProductSearch, type SearchPlace, type SearchRequest } from './product-search';

/** A condition in OpenSearch's own words. */
type Condition = Readonly<Record<string, unknown>>;

/** Above the worst rank: a score is never 0, which would be no match. */
const BEST_SCORE = 10;

interface Hit {
  readonly sort?: readonly unknown[];
}

export function openSearch(client: Client): ProductSearch {
  return {
    find: async (question, request) => {
      if (question.parts.length === 0) return [];
      const hits = await ask(client, question, request);
      return hits.map(placeOf);
    },
  };
}

async function ask(
  client: Client,
  question: Question,
  { among, limit, after }: SearchRequest,
): Promise<readonly Hit[]> {
  const place = after === undefined ? undefined : [BEST_SCORE - after.rank, after.order, after.sku];
  try {
    const { body } = await client.search({
      index: PRODUCT_INDEX,
      body: {
        size: limit,
        _source: false,
        query: {
          bool: { filter: [{ term: { active: true } }], must: [rankedBy(question, among)] },
        },
        sort: [{ _score: 'desc' }, { order: 'asc' }, { sku: 'asc' }],
        ...(place === undefined ? {} : { search_after: place }),
      } as never,
    });
    return body.hits.hits as readonly Hit[];
  } catch (error) {
    throw new EdgeError('VIEWS_UNAVAILABLE', { cause: error });
  }
}

function placeOf({ sort = [] }: Hit): SearchPlace {
  const [score, order, sku] = sort;
  return { rank: BEST_SCORE - Number(score), order: String(order), sku: String(sku) };
}

function rankedBy({ whole, parts }: Question, among: SearchRequest['among']): Condition {
  const inNames = allOf(parts.map((part) => hasTerms('name_words', part)));
  const inAll = allOf(parts.map((part) => hasTerms('words', part)));
  const found = among === 'everything' ? inAll : inNames;
  const ranks: readonly (readonly [rank: number, holds: Condition])[] = [
    [RANKS.exact, allOf([found, { term: { lines: whole } }])],
    [RANKS.prefix, allOf([found, { prefix: { lines: whole } }])],
    [RANKS.word, inNames],
    ...(among === 'everything' ? [[RANKS.description, inAll] as const] : []),
    ...typoRanks(parts),
  ];
  const scored = ranks.map(([rank, filter]) => ({
    constant_score: { filter, boost: BEST_SCORE - rank },
  }));
  return { dis_max: { queries: scored } };
}

function typoRanks(parts: readonly AskedPart[]) {
  const typosMax = Math.max(...parts.map((part) => part.typosMax));
  const within = (typos: number) => allOf(parts.map((part) => closeTo(part, typos)));
  return [
    ...(typosMax > 0 ? [[RANKS.oneTypo, within(1)] as const] : []),
    ...(typosMax > 1 ? [[RANKS.twoTypos, within(2)] as const] : []),
  ];
}

function closeTo(part: AskedPart, typos: number): Condition {
  const isThere = hasTerms('name_words', part);
  const most = Math.min(part.typosMax, typos);
  if (most === 0) return isThere;
  const { text } = part;
  // All terms that are so close, not the best of them: by default only some are looked at.
  const fuzzy = { value: text, fuzziness: most, transpositions: false, rewrite: 'constant_score' };
  const swapped = { terms: { grams: swapsOf(text) } };
  return {
    bool: { should: [isThere, { fuzzy: { grams: fuzzy } }, swapped], minimum_should_match: 1 },
  };
}

function hasTerms(field: 'name_words' | 'words', { terms }: AskedPart): Condition {
  return allOf(terms.map((term) => hasTerm(field, term)));
}

function hasTerm(field: string, { kind, text }: AskedTerm): Condition {
  return kind === 'begins' ? { prefix: { [field]: text } } : { term: { [field]: text } };
}

function allOf(filter: readonly Condition[]): Condition {
  return { bool: { filter } };
}
