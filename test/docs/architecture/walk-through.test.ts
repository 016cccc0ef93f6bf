import { ScratchCopy } from './scratch-copy';
import { filesTouched, walkThroughOf } from './walk-through';

const fence = '```';
const block = (introduction: string, language: string, ...lines: readonly string[]) =>
  [introduction, '', `${fence}${language}`, ...lines, fence, ''].join('\n');

describe('a walk-through', () => {
  test('is read as steps', () => {
    const markdown = [
      block('Create `topics/new.ts`:', 'ts', 'export {};'),
      block('In `README.md`:', 'diff', ' kept', '', '-before', '+after'),
      block('Create `test/topics/new.test.ts`:', 'ts', 'test();'),
      block('Run:', 'sh', 'npx tsc', 'npx jest'),
      '## Files touched\n\n| file | why |\n| --- | --- |\n| `topics/new.ts` | it is new |\n',
    ].join('\n');
    const walkThrough = walkThroughOf(markdown);
    expect(walkThrough.steps).toEqual([
      { kind: 'create', file: 'topics/new.ts', text: 'export {};\n' },
      { kind: 'change', file: 'README.md', from: 'kept\n\nbefore\n', to: 'kept\n\nafter\n' },
      { kind: 'create', file: 'test/topics/new.test.ts', text: 'test();\n' },
      { kind: 'run', commands: ['npx tsc', 'npx jest'] },
    ]);
    expect(filesTouched(walkThrough)).toEqual(['topics/new.ts', 'README.md']);
    expect(walkThrough.filesNamed).toEqual(['topics/new.ts']);
  });

  test('shows nothing that is not tried', () => {
    expect(() => walkThroughOf(block('For instance:', 'ts', 'example();'))).toThrow(
      '"For instance:" does not say what to do',
    );
  });
});

describe('a copy of the repository', () => {
  let copy: ScratchCopy;
  beforeAll(() => {
    copy = ScratchCopy.make();
  });
  afterAll(() => {
    copy.remove();
  });

  test('takes no diff whose old lines are not there once', () => {
    const change = (from: string) => () =>
      copy.apply({ kind: 'change', file: 'package.json', from, to: '' });
    expect(change('no such line\n')).toThrow('package.json has 0 times');
    expect(change('  },\n')).toThrow(/package.json has \d+ times/);
  });

  test('takes no new file in the place of an old one', () => {
    const create = () => copy.apply({ kind: 'create', file: 'package.json', text: '' });
    expect(create).toThrow('package.json is there already');
  });

  test('tells a command that fails', async () => {
    await expect(copy.run('echo said && exit 3')).rejects.toThrow('said');
  });
});
