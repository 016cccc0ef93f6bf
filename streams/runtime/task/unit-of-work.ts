/**
 * What the handlers have done since the last commit: states and timers by key, records to write.
 * A handler's part can be rolled back (D1) as long as the next one has not begun.
 */
import type { AnyEvent } from '../../../platform/avro/event';
import type { Timer } from '../app';
import type { NewRecord } from '../broker';
import { RuntimeError } from '../errors';

export type Timers = Readonly<Record<string, number>>;

/** What stands at a key; `state` is a state record without its timers. */
export type Entry =
  | { readonly kind: 'absent' }
  | { readonly kind: 'present'; readonly state: AnyEvent; readonly timers: Timers };

export const ABSENT: Entry = { kind: 'absent' };

export interface ChangedKey {
  readonly key: string;
  readonly before: Entry;
  readonly after: Entry;
}

export class UnitOfWork {
  /** As the store has it, for every key that was loaded. */
  private readonly loaded = new Map<string, Entry>();
  private readonly changed = new Map<string, Entry>();
  private records: NewRecord[] = [];
  private recordBytes = 0;
  private undo: { readonly key: string; readonly before: Entry | undefined }[] = [];
  private savedRecords = 0;
  private savedBytes = 0;

  load(key: string, entry: Entry): void {
    this.loaded.set(key, entry);
  }

  knows(key: string): boolean {
    return this.loaded.has(key);
  }

  /** Throws UNDECLARED_KEY for a key that was not loaded. */
  entry(key: string): Entry {
    const entry = this.changed.get(key) ?? this.loaded.get(key);
    if (entry === undefined) {
      throw new RuntimeError('UNDECLARED_KEY', `a handler touched ${key} without declaring it`);
    }
    return entry;
  }

  change(key: string, entry: Entry): void {
    this.entry(key);
    this.undo.push({ key, before: this.changed.get(key) });
    this.changed.set(key, entry);
  }

  write(record: NewRecord): void {
    this.records.push(record);
    this.recordBytes += record.value?.length ?? 0;
  }

  /** A handler begins: what it does from here on can be rolled back as one. */
  begin(): void {
    this.undo = [];
    this.savedRecords = this.records.length;
    this.savedBytes = this.recordBytes;
  }

  /** Takes back everything since `begin`. */
  rollback(): void {
    for (const { key, before } of this.undo.reverse()) {
      if (before === undefined) this.changed.delete(key);
      else this.changed.set(key, before);
    }
    this.records.length = this.savedRecords;
    this.recordBytes = this.savedBytes;
    this.undo = [];
  }

  /** What changed since `begin`, each key once. */
  changesSinceBegin(): readonly ChangedKey[] {
    const before = new Map<string, Entry>();
    for (const { key, before: entry } of this.undo) {
      if (!before.has(key)) before.set(key, entry ?? this.loaded.get(key) ?? ABSENT);
    }
    return [...before].map(([key, entry]) => ({ key, before: entry, after: this.entry(key) }));
  }

  /** What changed since the last commit. */
  changes(): readonly ChangedKey[] {
    return [...this.changed].map(([key, after]) => ({
      key,
      before: this.loaded.get(key) ?? ABSENT,
      after,
    }));
  }

  get written(): readonly NewRecord[] {
    return this.records;
  }

  get writtenBytes(): number {
    return this.recordBytes;
  }

  /** After the commit: the store has it all now. */
  reset(): void {
    this.loaded.clear();
    this.changed.clear();
    this.records = [];
    this.recordBytes = 0;
    this.begin();
  }
}

export interface TimerChanges {
  readonly cleared: readonly Timer[];
  readonly set: readonly Timer[];
}

/** The timers that differ between two entries of a key. */
export function timerChanges({ key, before, after }: ChangedKey): TimerChanges {
  return timersBetween(key, timersOf(before), timersOf(after));
}

export function timersBetween(key: string, before: Timers, after: Timers): TimerChanges {
  const toTimers = (from: Timers, other: Timers) =>
    Object.entries(from)
      .filter(([name, dueAt]) => other[name] !== dueAt)
      .map(([name, dueAt]) => ({ key, name, dueAt }));
  return { cleared: toTimers(before, after), set: toTimers(after, before) };
}

export function timersOf(entry: Entry): Timers {
  return entry.kind === 'present' ? entry.timers : {};
}
