/**
 * A .vue file as jest runs it: Vue's own compiler makes TypeScript of it, swc makes CommonJS of that.
 * Styles are left out: what they do is looked at in a real browser.
 */
'use strict';

const { transformSync } = require('@swc/core');
const { compileScript, parse } = require('vue/compiler-sfc');

module.exports = {
  process(source, filename) {
    const { descriptor, errors } = parse(source, { filename });
    if (errors.length > 0) throw errors[0];
    const { content } = compileScript(descriptor, { id: filename, inlineTemplate: true });
    return transformSync(content, {
      filename: `${filename}.ts`,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs', ignoreDynamic: false },
      sourceMaps: 'inline',
    });
  },
};
