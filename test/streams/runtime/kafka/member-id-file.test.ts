import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { memberIdFile } from '../../../../streams/runtime/kafka/member-id-file';

describe('the member id file', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'member-id-'));
    path = join(folder, 'orders', 'member-id');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('remembers the id over a restart, and forgets it once the member has left', async () => {
    expect(await memberIdFile(path, 'orders').read()).toBeUndefined();
    await memberIdFile(path, 'orders').write('member-1');
    expect(await memberIdFile(path, 'orders').read()).toBe('member-1');
    await memberIdFile(path, 'orders').remove();
    expect(await memberIdFile(path, 'orders').read()).toBeUndefined();
  });

  it('does not give the id to another group', async () => {
    await memberIdFile(path, 'orders').write('member-1');
    expect(await memberIdFile(path, 'alerts').read()).toBeUndefined();
  });

  it('takes a damaged file for none', async () => {
    await memberIdFile(path, 'orders').write('member-1');
    await writeFile(path, (await readFile(path)).subarray(0, 9));
    expect(await memberIdFile(path, 'orders').read()).toBeUndefined();
  });

  it('keeps nothing without a path', async () => {
    await memberIdFile(undefined, 'orders').write('member-1');
    expect(await memberIdFile(undefined, 'orders').read()).toBeUndefined();
  });
});
