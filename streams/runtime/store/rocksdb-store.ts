/**
 * A task's state on disk. RocksDB writes ahead, so an acknowledged batch survives kill -9, and it
 * holds a kernel lock on its folder, which a dead process releases by itself.
 *
 * rocksdb-native does not copy buffers at the call: none is reused before `flush()` resolves.
 */
import { mkdir, rm } from 'node:fs/promises';
import RocksDB from 'rocksdb-native';
import type { Timer } from '../app';
import { RuntimeError } from '../errors';
import { TASK_LIMITS } from '../limits';
import { CHECKPOINT_ROW, TIMERS_FROM, TIMERS_TO, stateRow, timerOf, timerRow } from './row-key';
import type { Checkpoint, Store, StoreBatch } from './store';

/** Raised when the layout of rows changes; a store of another version is rebuilt. */
const FORMAT_VERSION = 1;

type Range = Parameters<RocksDB['iterator']>[0];

export class RocksDbStore implements Store {
  private constructor(
    private readonly path: string,
    private database: RocksDB,
  ) {}

  /**
   * Opens or makes the store in `path`. Rejects with STORE_LOCKED when a living process has it and
   * STORE_DAMAGED when it cannot be read; `RocksDbStore.destroy` then makes room for a new one.
   */
  static async open(path: string): Promise<RocksDbStore> {
    return new RocksDbStore(path, await openDatabase(path));
  }

  static async destroy(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true });
  }

  async checkpoint(): Promise<Checkpoint | undefined> {
    const [value] = await this.read([CHECKPOINT_ROW]);
    if (value === undefined) return undefined;
    const { version, ...checkpoint } = parseCheckpoint(this.path, value);
    if (version !== FORMAT_VERSION) {
      throw new RuntimeError(
        'STORE_DAMAGED',
        `${this.path} has format ${String(version)}, this build reads ${String(FORMAT_VERSION)}`,
      );
    }
    return checkpoint;
  }

  getMany(keys: readonly string[]): Promise<readonly (Buffer | undefined)[]> {
    return keys.length === 0 ? Promise.resolve([]) : this.read(keys.map(stateRow));
  }

  earliestTimers(limit: number): Promise<readonly Timer[]> {
    return this.timersIn({ gte: TIMERS_FROM, lt: TIMERS_TO }, limit);
  }

  timersAfter(after: Timer, limit: number): Promise<readonly Timer[]> {
    return this.timersIn({ gt: timerRow(after), lt: TIMERS_TO }, limit);
  }

  async write({ states, timersCleared, timersSet, checkpoint }: StoreBatch): Promise<void> {
    const operations = states.length + timersCleared.length + timersSet.length + 1;
    const batch = this.database.write({ capacity: operations, autoDestroy: true });
    for (const timer of timersCleared) batch.tryDelete(timerRow(timer));
    for (const timer of timersSet) batch.tryPut(timerRow(timer), EMPTY);
    for (const [key, value] of states) {
      if (value === null) batch.tryDelete(stateRow(key));
      else batch.tryPut(stateRow(key), value);
    }
    batch.tryPut(
      CHECKPOINT_ROW,
      Buffer.from(JSON.stringify({ version: FORMAT_VERSION, ...checkpoint })),
    );
    await this.whole(batch.flush());
  }

  async clear(): Promise<void> {
    await this.database.close({ force: true });
    await RocksDbStore.destroy(this.path);
    this.database = await openDatabase(this.path);
  }

  async close(): Promise<void> {
    await this.database.close({ force: true });
  }

  private async read(rows: readonly Buffer[]): Promise<readonly (Buffer | undefined)[]> {
    const batch = this.database.read({ capacity: rows.length, autoDestroy: true });
    const values = rows.map((row) => batch.get(row));
    batch.tryFlush();
    return (await this.whole(Promise.all(values))).map((value) => value ?? undefined);
  }

  private async timersIn(range: Range, limit: number): Promise<readonly Timer[]> {
    const timers: Timer[] = [];
    const snapshot = this.database.snapshot();
    try {
      const capacity = Math.min(limit, TASK_LIMITS.storeIteratorRows);
      for await (const { key } of snapshot.iterator(range, { limit, capacity })) {
        timers.push(timerOf(key));
      }
    } catch (error) {
      throw this.damageIn(error);
    } finally {
      await snapshot.close();
    }
    return timers;
  }

  private async whole<T>(operation: Promise<T>): Promise<T> {
    try {
      return await operation;
    } catch (error) {
      throw this.damageIn(error);
    }
  }

  /**
   * A block that does not match its checksum is found only when it is read: the store is rebuilt.
   * Whatever else a disk says (full, read-only, gone) no new store would cure.
   */
  private damageIn(error: unknown): unknown {
    const message = String(error instanceof Error ? (error.cause ?? error) : error);
    if (!/corruption/i.test(message)) return error;
    return new RuntimeError('STORE_DAMAGED', `${this.path}: ${message}`, { cause: error });
  }
}

const EMPTY = Buffer.alloc(0);

async function openDatabase(path: string): Promise<RocksDB> {
  await mkdir(path, { recursive: true });
  const database = new RocksDB(path, { writeBufferSize: TASK_LIMITS.storeMemtableBytes });
  try {
    await database.ready();
    return database;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = /lock/i.test(message) ? 'STORE_LOCKED' : 'STORE_DAMAGED';
    throw new RuntimeError(code, `${path}: ${message}`, { cause: error });
  }
}

function parseCheckpoint(path: string, value: Buffer): Checkpoint & { readonly version: number } {
  try {
    return JSON.parse(value.toString('utf8')) as Checkpoint & { readonly version: number };
  } catch (error) {
    throw new RuntimeError('STORE_DAMAGED', `${path}: its checkpoint is not JSON`, {
      cause: error,
    });
  }
}
