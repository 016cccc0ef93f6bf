/**
 * The states that a task keeps decoded beside its store, by key: what was used lately is read no
 * more from disk. A cache and nothing else: it holds what the store holds, and what the handlers
 * have made of it since the last commit.
 *
 * Two generations instead of a list in order of use: a key that is used moves into the young one;
 * when that is full at a commit, what only the old one has is forgotten. So memory is bounded (B1)
 * by twice the limit. (test: "a key that is used stays, one that is not used goes")
 */
import { ABSENT, type Entry } from './entry';

/** What is known of one key. */
export class Cell {
  /** As the store has it. */
  committed: Entry;
  /** As the handlers have left it. */
  current: Entry;
  /** As the handler at work found it, which is the one numbered `foundBy`. */
  found: Entry = ABSENT;
  foundBy = -1;
  isChanged = false;

  constructor(
    readonly key: string,
    entry: Entry,
  ) {
    this.committed = entry;
    this.current = entry;
  }
}

export class StateCache {
  private young = new Map<string, Cell>();
  private old = new Map<string, Cell>();

  constructor(private readonly statesMax: number) {}

  get(key: string): Cell | undefined {
    const cell = this.young.get(key);
    if (cell !== undefined) return cell;
    const former = this.old.get(key);
    if (former !== undefined) this.young.set(key, former);
    return former;
  }

  add(cell: Cell): void {
    this.young.set(cell.key, cell);
  }

  /** Only between two units of work: nothing that has changed may be forgotten. */
  forgetUnused(): void {
    if (this.young.size < this.statesMax) return;
    this.old = this.young;
    this.young = new Map();
  }
}
