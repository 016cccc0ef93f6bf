import { isSameOrigin } from '../../edge/same-origin';

describe('isSameOrigin', () => {
  const host = 'shop.example';
  const none = { origin: undefined, fetchSite: undefined, host };

  test.each([
    ['a caller that is no browser', none, true],
    ['its own page', { ...none, origin: 'https://shop.example' }, true],
    ['its own page on another port', { ...none, origin: 'https://shop.example:8443' }, false],
    ['another site', { ...none, origin: 'https://evil.example' }, false],
    ['a sandboxed frame', { ...none, origin: 'null' }, false],
    ['an allowed origin', { ...none, origin: 'http://localhost:5173' }, true],
    ['another site that hides its origin', { ...none, fetchSite: 'cross-site' }, false],
    ['a subdomain that hides its origin', { ...none, fetchSite: 'same-site' }, false],
    ['its own page without Origin', { ...none, fetchSite: 'same-origin' }, true],
    ['a typed address', { ...none, fetchSite: 'none' }, true],
  ])('%s: %j is %s', (_who, source, expected) => {
    expect(isSameOrigin(source, ['http://localhost:5173'])).toBe(expected);
  });
});
