import { areInstalled } from '../../../local/bootstrap/installed-packages.cjs';

const wanted = {
  '': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/b-darwin': { version: '2.0.0', optional: true },
};

describe('node_modules', () => {
  test('is current when it has every version, and optional ones of other systems are away', () => {
    expect(areInstalled(wanted, { 'node_modules/a': { version: '1.0.0' } })).toBe(true);
  });

  test.each([
    ['a package is missing', {}],
    ['a package has another version', { 'node_modules/a': { version: '1.0.1' } }],
    [
      'an optional package has another version',
      { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b-darwin': { version: '1.0.0' } },
    ],
  ])('is out of date when %s', (_, installed) => {
    expect(areInstalled(wanted, installed)).toBe(false);
  });
});
