/**
 * What the handlers have done since the last commit: states and timers by key, records to write.
 * A handler's part can be rolled back as one (D1) as long as the next has not begun, and all of it
 * until it is committed.
 */
import type { NewRecord } from '../broker';
import { RuntimeError } from '../errors';
import type { Entry } from './entry';
import { Cell, type StateCache } from './state-cache';

const NO_KEYS: readonly string[] = [];

export class UnitOfWork {
  /** Number of the handler at work. */
  private handler = 0;
  /** The keys that it may touch. */
  private declared = NO_KEYS;
  /** The one of them that it touched last. */
  private latest: Cell | undefined;
  /** What it has changed so far. */
  private touched: Cell[] = [];
  private changedCells: Cell[] = [];
  private records: NewRecord[] = [];
  private recordBytes = 0;
  private savedRecords = 0;
  private savedBytes = 0;

  constructor(private readonly states: StateCache) {}

  /** What the store has at a key. */
  load(key: string, entry: Entry): void {
    this.states.add(new Cell(key, entry));
  }

  knows(key: string): boolean {
    return this.states.get(key) !== undefined;
  }

  /** Throws UNDECLARED_KEY for a key that the handler at work did not declare. */
  entry(key: string): Entry {
    return this.cell(key).current;
  }

  change(key: string, entry: Entry): void {
    const cell = this.cell(key);
    if (cell.foundBy !== this.handler) {
      cell.found = cell.current;
      cell.foundBy = this.handler;
      this.touched.push(cell);
    }
    cell.current = entry;
  }

  write(record: NewRecord): void {
    this.records.push(record);
    this.recordBytes += record.value?.length ?? 0;
  }

  /** A handler begins: what it does from here on can be rolled back as one. */
  begin(keys: readonly string[]): void {
    this.noteChanges();
    this.handler += 1;
    this.declared = keys;
    this.latest = undefined;
    this.savedRecords = this.records.length;
    this.savedBytes = this.recordBytes;
  }

  /** Takes back everything since `begin`. */
  rollback(): void {
    for (const cell of this.touched) cell.current = cell.found;
    this.records.length = this.savedRecords;
    this.recordBytes = this.savedBytes;
  }

  /** What the handler at work has changed, each key once; valid until the next begins. */
  get touchedSinceBegin(): readonly Cell[] {
    return this.touched;
  }

  /** What changed since the last commit. */
  get changed(): readonly Cell[] {
    this.noteChanges();
    return this.changedCells;
  }

  get written(): readonly NewRecord[] {
    return this.records;
  }

  get writtenBytes(): number {
    return this.recordBytes;
  }

  /** The store has it all now. */
  committed(): void {
    for (const cell of this.changed) {
      cell.committed = cell.current;
      cell.isChanged = false;
    }
    this.forget();
    this.states.forgetUnused();
  }

  /** Takes back everything since the last commit. */
  discard(): void {
    for (const cell of this.changed) {
      cell.current = cell.committed;
      cell.isChanged = false;
    }
    this.forget();
  }

  private forget(): void {
    this.changedCells = [];
    this.records = [];
    this.recordBytes = 0;
    this.begin(NO_KEYS);
  }

  private noteChanges(): void {
    for (const cell of this.touched) {
      if (cell.isChanged || cell.current === cell.found) continue;
      cell.isChanged = true;
      this.changedCells.push(cell);
    }
    this.touched.length = 0;
  }

  private cell(key: string): Cell {
    // A handler comes back to the same key several times.
    if (this.latest?.key === key) return this.latest;
    const cell = this.declared.includes(key) ? this.states.get(key) : undefined;
    if (cell === undefined) {
      throw new RuntimeError('UNDECLARED_KEY', `a handler touched ${key} without declaring it`);
    }
    this.latest = cell;
    return cell;
  }
}
