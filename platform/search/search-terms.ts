/**
 * What of a product is indexed, and what a question asks of the index. Engines only look terms up:
 * what a word is, in English and in Japanese, is decided here, so that all engines find the same.
 *
 *   part of folded text       indexed as                        asked as
 *   "bamboo"                  bamboo                            what begins with it
 *   "楽茶碗" (unsegmented)     楽 茶 碗 楽茶 茶碗 楽茶碗            itself up to three letters; a longer
 *                                                               one by all of its three-letter parts
 *
 * So Japanese is found by any part of it, of one letter too, and English by how words begin.
 *
 * A part of four letters or more may hold a typo, of six or more two. It is compared with `grams`:
 * how the words of the names begin, and the parts of what is unsegmented. Descriptions are not:
 * a typo in a question is mended towards names.
 *
 * (test: "a product is indexed by")
 */
import { foldedText, isUnsegmented } from './folded-text';

export interface SearchableProduct {
  readonly sku: string;
  readonly name: string;
  readonly nameJa: string;
  readonly description: string;
  readonly descriptionJa: string;
}

/** No term holds a space, so a list of terms is text with spaces between them. */
export interface ProductTerms {
  /** Sku and names, folded, each between line feeds. */
  readonly lines: string;
  /** Terms of sku and names. */
  readonly nameWords: string;
  /** Terms of sku, names and descriptions. */
  readonly words: string;
  readonly grams: string;
  /** By which products of the same rank are ordered: the English name. */
  readonly order: string;
}

/** A part of a question that a product must match. */
export interface AskedPart {
  readonly text: string;
  /** All of them must be there. */
  readonly terms: readonly AskedTerm[];
  /** Typos that are tolerated: 0, 1 or 2 letters that are other, missing, too many or swapped. */
  readonly typosMax: number;
}

export type AskedTerm =
  | { readonly kind: 'equals'; readonly text: string }
  | { readonly kind: 'begins'; readonly text: string };

export interface Question {
  /** All that was asked, folded. */
  readonly whole: string;
  readonly parts: readonly AskedPart[];
}

export const SEARCH_LIMITS = {
  /** Folded letters of a field that are indexed; the API takes no longer description. */
  fieldLettersMax: 2_000,
  /** No word that people search for is longer; an index takes no term without end. */
  wordLettersMax: 64,
  /** Longest run of letters that is looked up as one term where words are not told apart. */
  runLettersMax: 3,
  /** A question of more parts is cut: nobody types so many. */
  partsMax: 10,
  /** Of what is compared letter by letter, so that the work has an end. */
  gramLettersMin: 3,
  gramLettersMax: 24,
  unsegmentedGramLettersMax: 8,
} as const;

const ONE_TYPO_FROM_LETTERS = 4;
const TWO_TYPOS_FROM_LETTERS = 6;

export function termsOfProduct(product: SearchableProduct): ProductTerms {
  const names = [product.sku, product.name, product.nameJa].map(indexedText);
  const descriptions = [product.description, product.descriptionJa].map(indexedText);
  return {
    lines: `\n${names.join('\n')}\n`,
    nameWords: listed(names.flatMap(wordsOf)),
    words: listed([...names, ...descriptions].flatMap(wordsOf)),
    grams: listed(names.flatMap(gramsOf)),
    order: cut(indexedText(product.name), SEARCH_LIMITS.wordLettersMax),
  };
}

/** No parts: nothing in it can be searched for. */
export function questionOf(text: string): Question {
  const parts = text
    .normalize('NFKC')
    .split(/\s+/)
    .flatMap((word) => partsOf(foldedText(word)));
  return {
    whole: foldedText(text),
    parts: [...new Set(parts)].slice(0, SEARCH_LIMITS.partsMax).map(askedPart),
  };
}

export function isUnsegmentedQuestion({ whole }: Question): boolean {
  return isUnsegmented(whole);
}

/** The part as it is with two neighbours swapped: one slip of the fingers, not two. */
export function swapsOf(part: string): readonly string[] {
  const letters = Array.from(part);
  return letters
    .slice(1)
    .map((letter, at) => [...letters.slice(0, at), letter, letters[at], ...letters.slice(at + 2)])
    .map((swapped) => swapped.join(''));
}

function askedPart(part: string): AskedPart {
  const letters = Array.from(part).length;
  return { text: part, terms: askedTerms(part), typosMax: typosIn(letters) };
}

function askedTerms(part: string): readonly AskedTerm[] {
  if (!isUnsegmented(part)) {
    return [{ kind: 'begins', text: cut(part, SEARCH_LIMITS.wordLettersMax) }];
  }
  const { runLettersMax } = SEARCH_LIMITS;
  const runs = Array.from(part).length <= runLettersMax ? [part] : runsOf(part, runLettersMax);
  return [...new Set(runs)].map((text) => ({ kind: 'equals', text }));
}

function typosIn(letters: number): number {
  if (letters < ONE_TYPO_FROM_LETTERS || letters > SEARCH_LIMITS.gramLettersMax) return 0;
  return letters < TWO_TYPOS_FROM_LETTERS ? 1 : 2;
}

function indexedText(text: string): string {
  return cut(foldedText(text), SEARCH_LIMITS.fieldLettersMax).trim();
}

function partsOf(folded: string): readonly string[] {
  return folded.split(' ').filter((part) => part !== '');
}

function wordsOf(folded: string): readonly string[] {
  return partsOf(folded).flatMap((part) =>
    isUnsegmented(part)
      ? [1, 2, SEARCH_LIMITS.runLettersMax].flatMap((letters) => runsOf(part, letters))
      : [cut(part, SEARCH_LIMITS.wordLettersMax)],
  );
}

function gramsOf(folded: string): readonly string[] {
  const { gramLettersMin, gramLettersMax, unsegmentedGramLettersMax } = SEARCH_LIMITS;
  const long = partsOf(folded).filter((part) => Array.from(part).length >= gramLettersMin);
  return long.flatMap((part) =>
    isUnsegmented(part)
      ? between(gramLettersMin, unsegmentedGramLettersMax).flatMap((n) => runsOf(part, n))
      : between(gramLettersMin, gramLettersMax).map((letters) => cut(part, letters)),
  );
}

/** Every stretch of so many letters. */
function runsOf(part: string, letters: number): readonly string[] {
  const all = Array.from(part);
  const starts = Math.max(0, all.length - letters + 1);
  return Array.from({ length: starts }, (_, at) => all.slice(at, at + letters).join(''));
}

function between(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function cut(text: string, letters: number): string {
  return Array.from(text).slice(0, letters).join('');
}

function listed(terms: readonly string[]): string {
  return [...new Set(terms)].join(' ');
}
