/** What a booking would change, before it is sent. The edge and the participants decide anew. */

/** What a field for a number holds: empty, or what was typed. */
export type Typed = number | '';

export interface FigureChange {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

export type Preview =
  | { readonly kind: 'nothing-typed' }
  /** It would be refused by what is on the screen; that may be older than what decides. */
  | { readonly kind: 'against'; readonly message: string }
  /** `warning`: what it brings along; empty: nothing. */
  | {
      readonly kind: 'becomes';
      readonly figures: readonly FigureChange[];
      readonly warning: string;
    };

export const NOTHING_TYPED: Preview = { kind: 'nothing-typed' };

export function isWhole(typed: Typed): typed is number {
  return Number.isInteger(typed);
}
