/**
 * How text is made comparable for searching: what people type differently and mean alike becomes
 * equal. The one place of it: whoever indexes and whoever asks fold alike, on every engine.
 *
 *   "ＭＡＴＣＨＡ"、"Matcha"       matcha           width and case (NFKC)
 *   "ｺｰﾋｰ"、"コーヒー"、"こーひー"   こーひー          half-width and full-width kana, one syllabary
 *   "コ－ヒ－"                     こーひー          a dash where the long vowel mark belongs
 *   "crème"                       creme            accents of Latin letters
 *   "抹茶30g"、"抹茶 30g"           抹茶 30g         a space where the scripts meet, none inside Japanese
 *   "Tea-bowl (Raku)"             tea bowl raku    signs are spaces
 *
 * (test: "what is meant alike folds alike")
 */

/** Letters of unsegmented writing: no space tells where a word ends. */
const UNSEGMENTED = '[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}ー々]';

const LATIN_MARKS = /[\u0300-\u036f]/g;
const KATAKANA = /[\u30a1-\u30f6\u30fd\u30fe]/g;
const KATAKANA_TO_HIRAGANA = 0x60;
/** Not before a digit: there it is a hyphen, as in 茶ー-100g. */
const DASH_AS_VOWEL = /(?<=[ぁ-ゖー])[-\u2010-\u2015\u2212](?![0-9a-z])/g;
const SIGNS = /[^\p{L}\p{N}\p{M}]+/gu;
const BETWEEN_UNSEGMENTED = new RegExp(`(?<=${UNSEGMENTED}) (?=${UNSEGMENTED})`, 'gu');
const WHERE_SCRIPTS_MEET = new RegExp(
  `(?<=${UNSEGMENTED})(?!${UNSEGMENTED}|\\p{M}| |$)|(?<!${UNSEGMENTED}|\\p{M}| |^)(?=${UNSEGMENTED})`,
  'gu',
);
const STARTS_UNSEGMENTED = new RegExp(`^${UNSEGMENTED}`, 'u');

/** Lower-case words with one space between them; empty where there is no letter and no digit. */
export function foldedText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(LATIN_MARKS, '')
    .normalize('NFKC')
    .replace(KATAKANA, (letter) => String.fromCharCode(letter.charCodeAt(0) - KATAKANA_TO_HIRAGANA))
    .replace(DASH_AS_VOWEL, 'ー')
    .replace(SIGNS, ' ')
    .replace(BETWEEN_UNSEGMENTED, '')
    .replace(WHERE_SCRIPTS_MEET, ' ')
    .trim();
}

/** Of a part of folded text between spaces: all of it is of one kind. */
export function isUnsegmented(part: string): boolean {
  return STARTS_UNSEGMENTED.test(part);
}
