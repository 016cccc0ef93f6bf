import type { EventOf } from '../../schemas/event';
import type { World } from './world';

/** One story that the product must get right, told against a running stack. */
export interface Scenario {
  readonly name: string;
  /** What happens and what should come of it, in a sentence. */
  readonly expected: string;
  /** The rules that it raises, each once; none without it. */
  readonly alerts?: readonly EventOf<'AlertRaised'>['rule'][];
  /**
   * `everything`: it breaks what all orders share, so nothing else can be played meanwhile. Without
   * it a story touches nothing but its own orders.
   */
  readonly touches?: 'everything';
  /** `code-lifetime`: it lasts as long as a shopper has to pay, so it is begun first. */
  readonly lasts?: 'code-lifetime';
  /**
   * Resolves to what was seen, in a sentence. Rejects with ExpectationError when it was something
   * else. Leaves the stack as it found it, also when it fails.
   */
  play(world: World): Promise<string>;
}

export type Result =
  | { readonly kind: 'held'; readonly saw: string; readonly tookMs: number }
  | { readonly kind: 'failed'; readonly saw: string; readonly tookMs: number };
