import path from 'node:path';
import { serviceNames } from '../../../local/services/service';
import { parseStackArguments, splitExec } from '../../../local/stack/stack-arguments';
import { projectFolder } from '../../../local/stack/stack-folders';

describe('the command line of the stack', () => {
  test('means all services on the data of var/ when it is empty', () => {
    expect(parseStackArguments([], {})).toEqual({
      varFolder: path.join(projectFolder, 'var'),
      fresh: false,
      only: serviceNames,
      brokers: 1,
    });
  });

  test('names some services, another folder and a fresh start', () => {
    const args = ['--only', 'kafka,registry', '--var', '/tmp/x', '--fresh', '--brokers', '3'];
    expect(parseStackArguments(args, {})).toEqual({
      varFolder: '/tmp/x',
      fresh: true,
      only: ['kafka', 'registry'],
      brokers: 3,
    });
  });

  test('takes the folder from STACK_VAR, and from --var before that', () => {
    const environment = { STACK_VAR: '/tmp/env' };
    expect(parseStackArguments([], environment).varFolder).toBe('/tmp/env');
    expect(parseStackArguments(['--var', '/tmp/x'], environment).varFolder).toBe('/tmp/x');
  });

  test.each([
    [['--only', 'kafka,zookeeper'], 'there is no service "zookeeper"'],
    [['--brokers', '2'], 'there can be 1 or 3'],
    [['--frsh'], '--frsh'],
    [['start'], 'start'],
  ])('%p is refused', (args, words) => {
    expect(() => parseStackArguments(args, {})).toThrow(words);
  });
});

describe('--exec', () => {
  test('takes everything after it, flags too', () => {
    expect(splitExec(['--fresh', '--exec', 'jest', '--only', 'x'])).toEqual({
      stack: ['--fresh'],
      task: { kind: 'exec', command: 'jest', args: ['--only', 'x'] },
    });
  });

  test('without a command is refused', () => {
    expect(() => splitExec(['--exec'])).toThrow('--exec needs a command');
  });

  test('left out means to stay up', () => {
    expect(splitExec(['--fresh'])).toEqual({ stack: ['--fresh'], task: { kind: 'stay' } });
  });
});
