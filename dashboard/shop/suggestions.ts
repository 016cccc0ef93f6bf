/**
 * What is suggested while somebody types into the search field, and which one is chosen by the arrow
 * keys. What always holds: an answer to what is no longer in the field is not shown, and a server that
 * does not answer never looks like "nothing found".
 *
 *   closed ── typed, after a pause ──> shown | none | failed ── Escape, a choice, leaving ──> closed
 */
import { shallowRef } from 'vue';
import type { SuggestionView } from '../../edge/contract/api-types';
import type { Failure } from '../api/answer';
import type { EdgeApi } from '../api/edge-api';

export type SuggestionState =
  | { readonly kind: 'closed' }
  | {
      readonly kind: 'shown';
      readonly suggestions: readonly SuggestionView[];
      /** Place of the one that Enter takes; undefined: Enter takes what was typed. */
      readonly active: number | undefined;
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Shorter than a pause between words, longer than one between letters. */
const PAUSE_MS = 150;

export class Suggestions {
  readonly state = shallowRef<SuggestionState>({ kind: 'closed' });
  private turn = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly api: Pick<EdgeApi, 'suggestProducts'>) {}

  typed(text: string): void {
    const turn = this.forget();
    if (text.trim() === '') this.state.value = { kind: 'closed' };
    else this.timer = setTimeout(() => void this.ask(text, turn), PAUSE_MS);
  }

  /** Down is 1, up is -1; beyond either end lies what was typed. */
  move(step: 1 | -1): void {
    const { value } = this.state;
    if (value.kind !== 'shown') return;
    const places = value.suggestions.length + 1;
    const now = value.active ?? value.suggestions.length;
    const next = (now + step + places) % places;
    const active = next === value.suggestions.length ? undefined : next;
    this.state.value = { ...value, active };
  }

  chosen(): SuggestionView | undefined {
    const { value } = this.state;
    if (value.kind !== 'shown' || value.active === undefined) return undefined;
    return value.suggestions[value.active];
  }

  /** Also what was asked and is not answered yet opens no more. */
  close(): void {
    this.forget();
    this.state.value = { kind: 'closed' };
  }

  private forget(): number {
    clearTimeout(this.timer);
    return (this.turn += 1);
  }

  private async ask(text: string, turn: number): Promise<void> {
    const answer = await this.api.suggestProducts(text);
    if (turn !== this.turn) return;
    if (answer.kind !== 'ok') {
      this.state.value = { kind: 'failed', failure: answer };
      return;
    }
    const { suggestions } = answer.value;
    this.state.value =
      suggestions.length === 0
        ? { kind: 'none' }
        : { kind: 'shown', suggestions, active: undefined };
  }
}
