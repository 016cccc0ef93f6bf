/**
 * Where the stores of an instance live: `<data>/<app>/<instance>/<partition>`, and beside them the
 * member id that a restarted process leaves the group with.
 *
 * The folder is locked as long as the process lives. The lock is that of an empty RocksDB in it: a
 * kernel lock, which a killed process releases at once and a living one never.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { recoveryOf, RuntimeError } from '../errors';
import type { Logger } from '../logger';
import { RocksDbStore } from './rocksdb-store';
import type { Store, Stores } from './store';

const LOCK_FOLDER = 'lock';
const MEMBER_ID_FILE = 'member-id';

export class StoreFolder implements Stores {
  private constructor(
    private readonly path: string,
    private readonly lock: RocksDbStore,
    private readonly logger: Logger,
  ) {}

  /** Rejects with STORE_LOCKED while another living process has the folder. */
  static async open(
    data: string,
    app: string,
    instance: string,
    logger: Logger,
  ): Promise<StoreFolder> {
    const path = join(data, app, instance);
    mkdirSync(path, { recursive: true });
    return new StoreFolder(path, await RocksDbStore.open(join(path, LOCK_FOLDER)), logger);
  }

  get memberIdFile(): string {
    return join(this.path, MEMBER_ID_FILE);
  }

  async open(partition: number): Promise<Store> {
    const path = this.pathOf(partition);
    try {
      return await openReadable(path);
    } catch (error) {
      if (!(error instanceof RuntimeError && error.code === 'STORE_DAMAGED')) throw error;
      this.logger.warn({ partition, error: error.message }, 'store damaged: it will be rebuilt');
      await this.destroy(partition);
      return openReadable(path);
    }
  }

  destroy(partition: number): Promise<void> {
    return RocksDbStore.destroy(this.pathOf(partition));
  }

  partitions(): readonly number[] {
    return readdirSync(this.path)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }

  /** What the store of a partition takes on disk. */
  async bytesOf(partition: number): Promise<number> {
    const path = this.pathOf(partition);
    const names = await readdir(path).catch(() => []);
    // RocksDB deletes files while it is looked at.
    const sizes = names.map((name) =>
      stat(join(path, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }

  close(): Promise<void> {
    return this.lock.close();
  }

  private pathOf(partition: number): string {
    return join(this.path, String(partition));
  }
}

/** A store that opens and whose checkpoint can be read. */
async function openReadable(path: string): Promise<Store> {
  const store = await RocksDbStore.open(path);
  try {
    await store.checkpoint();
    return store;
  } catch (error) {
    await store.close();
    throw recoveryOf(error) === 'die'
      ? new RuntimeError('STORE_DAMAGED', `${path}: ${String(error)}`, { cause: error })
      : error;
  }
}
