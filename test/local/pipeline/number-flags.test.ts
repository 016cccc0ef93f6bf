import { readNumberFlags } from '../../../local/pipeline/number-flags';
import { StackError } from '../../../local/stack/stack-error';

const options = {
  flags: { seed: { usual: 1, min: 0 }, mixes: { usual: 200, min: 1 } },
  usage: 'usage: matrix',
};

function read(...args: string[]) {
  return readNumberFlags(args, options);
}

test('what is left out stands for what is usual', () => {
  expect(read()?.numbers).toEqual({ seed: 1, mixes: 200 });
  expect(read('--seed', '0', '--mixes', '7')?.numbers).toEqual({ seed: 0, mixes: 7 });
});

test('the folder and a fresh start are the product’s', () => {
  const flags = read('--var', '/tmp/somewhere', '--fresh');
  expect(flags?.product).toMatchObject({ varFolder: '/tmp/somewhere', fresh: true });
});

test('help is asked for, not an error', () => {
  expect(read('--help')).toBeUndefined();
});

test.each([
  ['no number', ['--seed', 'one']],
  ['half a number', ['--seed', '1.5']],
  ['less than there may be', ['--mixes', '0']],
  ['an unknown flag', ['--sed', '1']],
  ['a flag without its value', ['--seed']],
  ['a word', ['seven']],
])('%s is refused with the usage', (_, args) => {
  expect(() => read(...args)).toThrow(StackError);
  expect(() => read(...args)).toThrow('usage: matrix');
});
