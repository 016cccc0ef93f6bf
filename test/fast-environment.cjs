/**
 * Node's test environment, with globals that are looked up as fast as in production. Jest gives each
 * file a context made of a sandbox, and in such a one every `Map`, `Promise` or `Buffer` is a call into
 * the sandbox: code that computes takes two to four times as long. Node can make a context without one
 * since 20.18 and 22.8; before that the usual one is used.
 */
const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

const { DONT_CONTEXTIFY } = vm.constants ?? {};

class FastEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    // Jest's environment makes its context in its constructor, and takes no other.
    if (DONT_CONTEXTIFY !== undefined) vm.createContext = () => createContext(DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
}

module.exports = FastEnvironment;
