/** The shape that every language's catalogue has: the same keys, other texts. */
import type { en } from './en';

type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };

export type Catalogue = Texts<typeof en>;

type Keys<T, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Prefix}${K}` : Keys<T[K], `${Prefix}${K}.`>;
}[keyof T & string];

/** A text's place: alerts.page.expected. */
export type TextKey = Keys<typeof en>;

/** One part of the catalogue, such as `PartOf<'alerts'>`, for the file that holds it. */
export type PartOf<K extends keyof Catalogue> = Catalogue[K];
