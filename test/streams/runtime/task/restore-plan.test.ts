import { planRestore, type RestoreFacts } from '../../../../streams/runtime/task/restore-plan';

const HOUR_MS = 60 * 60 * 1_000;
const NOW = 1_000 * HOUR_MS;
const checkpoint = {
  seq: 7,
  changelogPosition: 70,
  storeId: 'history',
  clusterId: 'cluster',
  writtenAt: NOW - HOUR_MS,
};
const committed = { seq: 9, changelogEnd: 90, storeId: 'history' };
const facts: RestoreFacts = {
  clusterId: 'cluster',
  now: NOW,
  committed,
  checkpoint,
  changelogStart: 5,
  changelogHolds: true,
  tombstonesKeptMs: 24 * HOUR_MS,
};

describe('S1: what a task does with the store it finds', () => {
  test('nothing committed and nothing in the changelog: a new history begins', () => {
    const plan = planRestore({ ...facts, committed: undefined, changelogHolds: false });
    expect(plan).toEqual({ kind: 'begin' });
  });

  test('a changelog without committed offsets is refused, whatever the store says', () => {
    expect(planRestore({ ...facts, committed: undefined })).toEqual({ kind: 'refuse' });
    expect(planRestore({ ...facts, committed: undefined, checkpoint: undefined })).toEqual({
      kind: 'refuse',
    });
  });

  test('an equal seq is used as it is, however old it is', () => {
    const old = { ...checkpoint, seq: 9, writtenAt: 0 };
    expect(planRestore({ ...facts, checkpoint: old })).toEqual({
      kind: 'current',
      checkpoint: old,
    });
  });

  test('a lower seq catches up from where the store is', () => {
    expect(planRestore(facts)).toEqual({ kind: 'catch-up', from: 70, committed });
  });

  test('a rebuild that was interrupted goes on where it was', () => {
    const midway = { ...checkpoint, seq: 0 };
    expect(planRestore({ ...facts, checkpoint: midway })).toEqual({
      kind: 'resume',
      from: 70,
      committed,
    });
  });

  test.each([
    ['there is none', { checkpoint: undefined }],
    ['other cluster', { clusterId: 'other' }],
    ['other history', { checkpoint: { ...checkpoint, storeId: 'other' } }],
    ['ahead of Kafka', { checkpoint: { ...checkpoint, seq: 10 } }],
    [
      'older than half of the tombstones',
      { checkpoint: { ...checkpoint, writtenAt: NOW - 13 * HOUR_MS } },
    ],
  ])('rebuilt from the start of the changelog: %s', (_why, change) => {
    expect(planRestore({ ...facts, ...change })).toMatchObject({
      kind: 'rebuild',
      from: 5,
      committed,
    });
  });
});
