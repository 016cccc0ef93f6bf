/** The part of rocksdb-native 3.18.1 that the store uses; the package brings no types. */
declare module 'rocksdb-native' {
  interface DatabaseOptions {
    /** Bytes of one memtable; 64 MiB by default. */
    readonly writeBufferSize?: number;
  }
  interface BatchOptions {
    readonly capacity?: number;
    readonly autoDestroy?: boolean;
  }
  interface ReadBatch {
    get(key: Buffer): Promise<Buffer | null>;
    flush(): Promise<void>;
    tryFlush(): void;
  }
  interface WriteBatch {
    tryPut(key: Buffer, value: Buffer): void;
    tryDelete(key: Buffer): void;
    tryDeleteRange(from: Buffer, to: Buffer): void;
    flush(): Promise<void>;
  }
  interface Range {
    readonly gt?: Buffer;
    readonly gte?: Buffer;
    readonly lt?: Buffer;
  }
  interface IteratorOptions {
    readonly limit?: number;
    readonly capacity?: number;
  }
  class RocksDB {
    constructor(path: string, options?: DatabaseOptions);
    ready(): Promise<void>;
    /** Writes what is in memory to a table. */
    flush(): Promise<void>;
    snapshot(): RocksDB;
    read(options?: BatchOptions): ReadBatch;
    write(options?: BatchOptions): WriteBatch;
    iterator(
      range: Range,
      options?: IteratorOptions,
    ): AsyncIterable<{ readonly key: Buffer; readonly value: Buffer }>;
    close(options?: { readonly force?: boolean }): Promise<void>;
  }
  export = RocksDB;
}
