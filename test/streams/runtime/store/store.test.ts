import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStore } from '../../../../streams/runtime/store/memory-store';
import { RocksDbStore } from '../../../../streams/runtime/store/rocksdb-store';
import { StoreFolder } from '../../../../streams/runtime/store/store-folder';
import { describeStore } from './store-contract';

const root = mkdtempSync(join(tmpdir(), 'store-'));
let folders = 0;

function newPath(): string {
  folders += 1;
  return join(root, String(folders));
}

afterAll(() => rmSync(root, { recursive: true, force: true }));

const logged: string[] = [];
const logger = {
  info: () => undefined,
  warn: (_fields: object, message: string) => logged.push(message),
  error: () => undefined,
};

describeStore('MemoryStore', () => Promise.resolve(new MemoryStore()));
describeStore('RocksDbStore', () => RocksDbStore.open(newPath()));

const checkpoint = { seq: 1, changelogPosition: 1, storeId: 's', clusterId: 'c', writtenAt: 0 };

test('an acknowledged batch survives a kill -9', async () => {
  const path = newPath();
  const script = `
    const RocksDB = require('rocksdb-native');
    require('fs').mkdirSync(${JSON.stringify(path)}, { recursive: true });
    (async () => {
      const db = new RocksDB(${JSON.stringify(path)});
      await db.ready();
      const batch = db.write({ autoDestroy: true });
      batch.tryPut(Buffer.from('sa'), Buffer.from('kept'));
      await batch.flush();
      process.kill(process.pid, 'SIGKILL');
    })();`;
  const child = spawn(process.execPath, ['-e', script], { stdio: 'inherit' });
  const signal = await new Promise((resolve) => child.on('exit', (_code, name) => resolve(name)));
  expect(signal).toBe('SIGKILL');
  const store = await RocksDbStore.open(path);
  expect((await store.getMany(['a']))[0]?.toString()).toBe('kept');
  await store.close();
});

test('a store that another one holds open is locked', async () => {
  const path = newPath();
  const store = await RocksDbStore.open(path);
  await expect(RocksDbStore.open(path)).rejects.toMatchObject({ code: 'STORE_LOCKED' });
  await store.close();
});

test('a damaged store is made anew, and the log says so', async () => {
  const folder = await StoreFolder.open(root, 'app', 'one', logger);
  const store = await folder.open(0);
  await store.write({
    states: [['a', Buffer.from('1')]],
    timersCleared: [],
    timersSet: [],
    checkpoint,
  });
  await store.close();
  truncateSync(join(root, 'app', 'one', '0', 'CURRENT'), 2);
  const anew = await folder.open(0);
  expect(await anew.checkpoint()).toBeUndefined();
  expect(logged).toEqual(['store damaged: it will be rebuilt']);
  expect(folder.partitions()).toEqual([0]);
  await anew.close();
  await folder.close();
});

test('an instance folder belongs to one living process', async () => {
  const folder = await StoreFolder.open(root, 'app', 'two', logger);
  await expect(StoreFolder.open(root, 'app', 'two', logger)).rejects.toMatchObject({
    code: 'STORE_LOCKED',
  });
  await folder.close();
  await (await StoreFolder.open(root, 'app', 'two', logger)).close();
});

test('a file where the store should be is an error, not an empty store', async () => {
  const path = newPath();
  writeFileSync(path, '');
  await expect(RocksDbStore.open(path)).rejects.toThrow();
});
