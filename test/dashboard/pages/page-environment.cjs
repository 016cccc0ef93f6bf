/** A document in memory, with what browsers have of the network and jsdom has not. */
'use strict';

const { TestEnvironment } = require('jest-environment-jsdom');

/** As in a browser, an address without a host is of the page itself. */
class PageRequest extends Request {
  constructor(input, init) {
    super(typeof input === 'string' ? new URL(input, 'http://localhost') : input, init);
  }
}

module.exports = class PageEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    Object.assign(this.global, { Headers, Request: PageRequest, Response, TextDecoder });
  }
};
