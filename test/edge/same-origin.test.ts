import { isSameOrigin, sourceOf } from '../../edge/same-origin';

describe('isSameOrigin', () => {
  const target = 'https://shop.example';
  const none = { origin: undefined, fetchSite: undefined, target };

  test.each([
    ['a caller that is no browser', none, true],
    ['its own page', { ...none, origin: 'https://shop.example' }, true],
    ['its own page on another port', { ...none, origin: 'https://shop.example:8443' }, false],
    ['its own page by plain HTTP', { ...none, origin: 'http://shop.example' }, false],
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

describe('sourceOf', () => {
  const headers = {
    host: '127.0.0.1:3000',
    'x-forwarded-proto': 'ftp, https',
    'x-forwarded-host': 'evil.example, shop.example',
  };

  test('without a proxy the request came by plain HTTP to the host that it names', () => {
    expect(sourceOf(headers, 0).target).toBe('http://127.0.0.1:3000');
  });

  test('behind a proxy the nearest one says by what scheme and name it was asked', () => {
    expect(sourceOf(headers, 1).target).toBe('https://shop.example');
  });

  test('an origin of https is not the edge that listens on http', () => {
    const source = sourceOf({ host: '127.0.0.1:3000', origin: 'https://127.0.0.1:3000' }, 0);
    expect(isSameOrigin(source, [])).toBe(false);
  });
});
