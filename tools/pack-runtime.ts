/**
 * `npm run runtime:pack [-- --out FOLDER]`: the runtime as a tarball for `npm install`, without the
 * shop. Its path is the last line.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { endCommand } from '../platform/command-end';
import { packRuntime } from './runtime-package';

const { values } = parseArgs({ options: { out: { type: 'string', default: 'var/packages' } } });

packRuntime(path.resolve(values.out)).then(
  (tarball) => console.log(tarball),
  (error: unknown) => {
    console.error(error);
    endCommand(1);
  },
);
