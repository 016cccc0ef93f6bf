import {
  complete,
  conflictIn,
  drawMix,
  FAULTS,
  FAULTS_BY_KIND,
  isFault,
} from '../../simulator/fault-mix';

const keys = Array.from({ length: 2_000 }, (_, index) => `order-${index}`);

test('a seed gives an order the same mix every time, and another seed another one', () => {
  const mixes = (seed: number) => keys.map((key) => drawMix(seed, key).join());
  expect(mixes(1)).toEqual(mixes(1));
  expect(mixes(1)).not.toEqual(mixes(2));
});

test('every fault is drawn, and so is none at all', () => {
  const mixes = keys.map((key) => drawMix(3, key));
  expect(new Set(mixes.flat())).toEqual(new Set(FAULTS));
  expect(mixes.some((mix) => mix.length === 0)).toBe(true);
});

test('no mix has two faults of one kind, or a second payment without a lost code', () => {
  for (const key of keys) {
    const mix = drawMix(4, key);
    expect(conflictIn(mix)).toBeUndefined();
    expect(mix).toEqual(complete(mix));
    for (const kind of Object.values(FAULTS_BY_KIND)) {
      expect(kind.filter((fault) => mix.includes(fault)).length).toBeLessThanOrEqual(1);
    }
  }
  expect(complete(['second-payment'])).toEqual(['second-payment', 'code-outcome-lost']);
});

test('only faults that may be drawn are drawn', () => {
  const mixes = keys.map((key) => drawMix(5, key, ['lost', 'forged']));
  expect(new Set(mixes.flat())).toEqual(new Set(['lost', 'forged']));
});

test('two faults of one kind are a conflict', () => {
  expect(conflictIn(['lost', 'forged', 'doubled'])).toEqual(['lost', 'doubled']);
  expect(conflictIn(['lost', 'forged', 'late-success'])).toBeUndefined();
});

test('a misspelt fault is none', () => {
  expect(isFault('lost')).toBe(true);
  expect(isFault('lose')).toBe(false);
});
