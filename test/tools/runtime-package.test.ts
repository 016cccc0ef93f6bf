import {
  importsOf,
  manifestOf,
  patchedPackages,
  type RootPackage,
} from '../../tools/runtime-package';
import { readmeBlocks } from './readme-blocks';

const root: RootPackage = {
  version: '1.2.3',
  license: 'MIT',
  engines: { node: '>=20' },
  dependencies: { '@scope/client': '1.0.0', kafkajs: '2.2.4', pg: '8.0.0' },
};

describe('the manifest of the package', () => {
  test('has what is imported and nothing else, in exactly the versions of the project', () => {
    const { version, dependencies } = manifestOf(root, new Set(['kafkajs']), new Set());
    expect({ version, dependencies }).toEqual({
      version: '1.2.3',
      dependencies: { kafkajs: '2.2.4' },
    });
  });

  test('takes a patched dependency along, and no other', () => {
    const imported = new Set(['@scope/client', 'kafkajs']);
    const { bundleDependencies } = manifestOf(root, imported, new Set(['kafkajs', 'pg']));
    expect(bundleDependencies).toEqual(['kafkajs']);
  });

  test('refuses an import that the project does not depend on', () => {
    expect(() => manifestOf(root, new Set(['left-pad']), new Set())).toThrow('left-pad');
  });
});

test('an import is known by its package, however deep and in whatever words', () => {
  const text = `
    const a = require("kafkajs/src/network/connection");
    import type { Type } from '@scope/client/types';
    export declare const b: import("avsc").Type;
    const c = require("./codec"), d = require("node:fs"), e = require("path");`;
  expect(importsOf(text)).toEqual(['kafkajs', '@scope/client', 'avsc']);
});

test('a patch is known by the package that it is for', () => {
  const files = ['kafkajs+2.2.4.patch', '@scope+client+1.0.0.patch'];
  expect([...patchedPackages(files)]).toEqual(['kafkajs', '@scope/client']);
});

test('a block of a README that has a name is found, and one that has none is not', () => {
  const text = '```ts a.ts\nconst a = 1;\n```\n\n```sh\nls\n```\n';
  expect([...readmeBlocks(text)]).toEqual([['a.ts', 'const a = 1;\n']]);
});
