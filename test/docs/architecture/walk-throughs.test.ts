/**
 * The walk-throughs of docs/architecture/, followed to the letter: all of them are applied to one
 * copy of the repository, and then each command that they say to run is run there.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ScratchCopy } from './scratch-copy';
import { filesTouched, walkThroughOf, type Step } from './walk-through';

/** On a machine that does nothing else the longest takes twenty seconds: the type check. */
const COMMAND_MS = 300_000;

const RULE_FILES_MAX = 5;

const walkThroughs = ['add-a-rule', 'add-a-participant', 'add-a-payment-provider'].map((name) => {
  const file = path.join(__dirname, '../../../docs/architecture', `${name}.md`);
  return { name, ...walkThroughOf(readFileSync(file, 'utf8')) };
});

const steps = walkThroughs.flatMap((walkThrough) => walkThrough.steps);
const commands = new Set(steps.flatMap((step) => (step.kind === 'run' ? step.commands : [])));
const edits = steps.filter((step): step is Exclude<Step, { kind: 'run' }> => step.kind !== 'run');

let copy: ScratchCopy;
beforeAll(() => {
  copy = ScratchCopy.make();
});
afterAll(() => {
  copy.remove();
});

test('every file can be created and every diff applied', () => {
  for (const step of edits) copy.apply(step);
});

test.each([...commands])('%s', (command) => copy.run(command), COMMAND_MS);

test('what was written is formatted as the rest', async () => {
  const files = [...new Set(edits.map(({ file }) => file))];
  await copy.run(`npx prettier --check ${files.join(' ')}`);
});

test.each(walkThroughs)('$name names the files that it touches', (walkThrough) => {
  expect([...walkThrough.filesNamed].sort()).toEqual([...filesTouched(walkThrough)].sort());
});

test('a rule touches at most five files', () => {
  const [rule] = walkThroughs;
  if (rule === undefined) throw new Error('there is no walk-through');
  expect(filesTouched(rule).length).toBeLessThanOrEqual(RULE_FILES_MAX);
});
