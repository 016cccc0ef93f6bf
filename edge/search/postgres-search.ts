/**
 * Product search in Postgres, over what the views keep beside each product (0009_product-search.sql).
 *
 * Words are found by their index, whatever the locale: they are lexemes of ours in a tsvector without
 * positions. For typos, pg_trgm's index gives products with a similar gram, and Levenshtein's distance
 * decides.
 */
import {
  swapsOf,
  type AskedPart,
  type AskedTerm,
  type Question,
} from '../../platform/search/search-terms';
import type { Query } from '../read-models/database';
import { RANKS, type ProductSearch, type SearchPlace, type SearchRequest } from './product-search';

const NAME_WORDS = "array_to_tsvector(string_to_array(search_name_words, ' '))";
const ALL_WORDS = "array_to_tsvector(string_to_array(search_words, ' '))";
const GRAMS = "unnest(string_to_array(search_grams, ' '))";

export function postgresSearch(query: Query): ProductSearch {
  return {
    find: async (question, request) => {
      if (question.parts.length === 0) return [];
      const { text, values } = statementOf(question, request);
      return query<SearchPlace>(text, values);
    },
  };
}

/** Gives the place of a value in the statement, as it is added. */
class Values {
  readonly all: unknown[] = [];

  add(value: unknown, type: string): string {
    this.all.push(value);
    return `$${String(this.all.length)}::${type}`;
  }
}

function statementOf(
  question: Question,
  { among, limit, after }: SearchRequest,
): { readonly text: string; readonly values: readonly unknown[] } {
  const values = new Values();
  const words = values.add(lexemes(question.parts.flatMap(({ terms }) => terms)), 'tsquery');
  const inNames = `${NAME_WORDS} @@ ${words}`;
  const inAll = `${ALL_WORDS} @@ ${words}`;
  const similar = similarTo(question.parts, values);
  const ranks = [
    [RANKS.exact, `strpos(search_lines, ${values.add(`\n${question.whole}\n`, 'text')}) > 0`],
    [RANKS.prefix, `strpos(search_lines, ${values.add(`\n${question.whole}`, 'text')}) > 0`],
    [RANKS.word, inNames],
    ...(among === 'everything' ? [[RANKS.description, inAll] as const] : []),
    ...similar.ranks,
  ] as const;
  const candidates = [
    among === 'everything' ? inAll : inNames,
    ...(similar.candidates === undefined ? [] : [similar.candidates]),
  ];
  const place = [
    values.add(after?.rank ?? null, 'integer'),
    values.add(after?.order ?? null, 'text'),
    values.add(after?.sku ?? null, 'text'),
  ];
  const text = `
    select sku, rank, search_order as "order" from (
      select sku, search_order, case
        ${ranks.map(([rank, holds]) => `when ${holds} then ${String(rank)}`).join('\n        ')}
      end as rank
      from products where active and (${candidates.join(' or ')})
    ) found
    where rank is not null and (${place[0]} is null
      or (rank, search_order collate "C", sku collate "C") > (${place.join(', ')}))
    order by rank, search_order collate "C", sku collate "C"
    limit ${values.add(limit, 'integer')}`;
  return { text, values: values.all };
}

interface Similar {
  readonly ranks: readonly (readonly [rank: number, holds: string])[];
  /** What the indexes can tell; undefined where no part may hold a typo. */
  readonly candidates: string | undefined;
}

function similarTo(parts: readonly AskedPart[], values: Values): Similar {
  const typosMax = Math.max(...parts.map((part) => part.typosMax));
  if (typosMax === 0) return { ranks: [], candidates: undefined };
  const asked = parts.map((part) => partOf(part, values));
  const within = (typos: number) => asked.map((part) => part.within(typos)).join(' and ');
  const candidates = asked.map(({ candidate }) => candidate);
  const two = typosMax > 1 ? [[RANKS.twoTypos, within(2)] as const] : [];
  return {
    ranks: [[RANKS.oneTypo, within(1)], ...two],
    candidates: `(${candidates.join(' and ')})`,
  };
}

/** A part of the question as conditions on a product. */
function partOf(part: AskedPart, values: Values) {
  const isThere = `${NAME_WORDS} @@ ${values.add(lexemes(part.terms), 'tsquery')}`;
  // What stands in no condition is no value either: Postgres asks for the type of each.
  if (part.typosMax === 0) return { within: () => isThere, candidate: isThere };
  const text = values.add(part.text, 'text');
  const swaps = values.add(swapsOf(part.text), 'text[]');
  const within = (typos: number) => {
    const most = String(Math.min(part.typosMax, typos));
    const isClose = `levenshtein_less_equal(gram, ${text}, ${most}) <= ${most}`;
    return `(${isThere} or exists (
      select from ${GRAMS} gram where ${isClose} or gram = any(${swaps})))`;
  };
  return { within, candidate: `(${isThere} or ${text} <% search_grams)` };
}

/** All of them; terms hold letters and digits only, and are quoted all the same. */
function lexemes(terms: readonly AskedTerm[]): string {
  return terms
    .map(({ kind, text }) => {
      const quoted = `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
      return kind === 'begins' ? `${quoted}:*` : quoted;
    })
    .join(' & ');
}
