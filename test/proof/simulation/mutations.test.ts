import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { MutationResult } from './mutation-run';
import { mutations } from './mutations';

const PATIENCE_MS = 600_000;

/** Seeds by the mutation that they notice. */
const noticed = new Map<string, number | null>();

beforeAll(async () => {
  const script = path.join(__dirname, 'mutation-run.ts');
  const run = spawn(process.execPath, ['--import', 'tsx', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(run.stdout)) {
    const { name, seed } = JSON.parse(line) as MutationResult;
    noticed.set(name, seed);
  }
}, PATIENCE_MS);

test.each(Object.keys(mutations))('the simulation notices when %s', (name) => {
  expect(noticed.get(name)).toEqual(expect.any(Number));
});
