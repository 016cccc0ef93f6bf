/**
 * The disk of one instance: its stores outlive its processes, unless the disk is lost. A read is
 * immediate; a write is a step of its own, which a kill may come before or after.
 */
import { MemoryStore } from '../../streams/runtime/store/memory-store';
import type { Store, Stores } from '../../streams/runtime/store/store';
import type { Host } from './host';

export class Disk {
  private stores = new Map<number, MemoryStore>();

  /** The stores as the process on `host` sees them. */
  mount(host: Host): Stores {
    return {
      open: (partition) => Promise.resolve(this.open(partition, host)),
      destroy: (partition) =>
        host.write('store.destroy', () => {
          this.stores.delete(partition);
        }),
      partitions: () => [...this.stores.keys()].sort((a, b) => a - b),
    };
  }

  lose(): void {
    this.stores = new Map();
  }

  /** What stands on it, for checkers. */
  store(partition: number): MemoryStore | undefined {
    return this.stores.get(partition);
  }

  private open(partition: number, host: Host): Store {
    const store = this.stores.get(partition) ?? new MemoryStore();
    this.stores.set(partition, store);
    return {
      checkpoint: () => store.checkpoint(),
      getMany: (keys) => store.getMany(keys),
      earliestTimers: (limit) => store.earliestTimers(limit),
      timersAfter: (after, limit) => store.timersAfter(after, limit),
      write: (batch) => host.write('store.write', () => void store.write(batch)),
      clear: () => host.write('store.clear', () => void store.clear()),
      close: () => Promise.resolve(),
    };
  }
}
