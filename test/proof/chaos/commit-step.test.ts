import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { StepFile } from '../../../proof/chaos/commit-step';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'steps-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a step file', () => {
  test('shows another process which steps the tasks are in', () => {
    const [own, others] = [path.join(folder, 'orders'), path.join(folder, 'orders')].map(
      (file) => new StepFile(file),
    );
    own?.mark(0, 'writing records');
    own?.mark(7, 'writing the store');
    own?.mark(0, 'writing offsets');
    expect(others?.busySteps()).toEqual(['writing offsets', 'writing the store']);
    own?.mark(7, 'between commits');
    expect(others?.busySteps()).toEqual(['writing offsets']);
    own?.clearSteps();
    expect(others?.busySteps()).toEqual([]);
  });

  test('carries a wish, once', () => {
    const [own, others] = [path.join(folder, 'orders'), path.join(folder, 'orders')].map(
      (file) => new StepFile(file),
    );
    expect(own?.wished()).toBeUndefined();
    others?.wish({ step: 'ending the transaction', delayMs: 3 });
    own?.mark(0, 'writing records');
    expect(own?.wished()).toEqual({ step: 'ending the transaction', delayMs: 3 });
    own?.clearWish();
    expect(own?.wished()).toBeUndefined();
    expect(others?.busySteps()).toEqual(['writing records']);
  });
});
