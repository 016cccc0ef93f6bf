import { limits } from '../../../edge/limits';
import type { Account } from '../../../edge/sessions/identity';
import { Standings, standingOf, type Standee } from '../../../edge/sessions/standing';
import { ManualClock } from '../../../platform/manual-clock';
import { MemoryIdentity } from '../in-memory-parts';

const SECOND_MS = 1_000;
const START = 1_000_000;

const operator: Standee = { userId: 'ops-1', roles: ['ops'], authenticatedAt: START };
const account: Account = { disabled: false, tokensValidFrom: START, roles: ['ops'] };

let clock: ManualClock;
let identity: MemoryIdentity;
let failures: unknown[];
let standings: Standings;

beforeEach(() => {
  clock = new ManualClock(START);
  const who = { ...operator, email: null };
  identity = new MemoryIdentity(new Map([['token', who]]));
  failures = [];
  standings = new Standings(identity, {
    revocationMs: 60 * SECOND_MS,
    clock,
    onFailure: (error) => failures.push(error),
  });
});

test.each([
  ['as it was', {}, 'good'],
  ['disabled', { disabled: true }, 'lost'],
  ['revoked after the sign-in', { tokensValidFrom: START + SECOND_MS }, 'lost'],
  ['without the role', { roles: [] }, 'lost'],
] as const)('an account that is %s: %s %s', (_what, change, standing) => {
  expect(standingOf(operator, { ...account, ...change })).toBe(standing);
});

test('an account that is deleted is lost, a session without a role needs none', () => {
  expect(standingOf(operator, undefined)).toBe('lost');
  expect(standingOf({ ...operator, roles: [] }, { ...account, roles: [] })).toBe('good');
});

test('an answer counts for a third of the time in which a revocation must hold', async () => {
  expect(await standings.of(operator)).toBe('good');
  identity.accounts.set('ops-1', { disabled: true });
  clock.moveTo(START + 20 * SECOND_MS);
  expect(await standings.of(operator)).toBe('good');
  clock.moveTo(START + 21 * SECOND_MS);
  expect(await standings.of(operator)).toBe('lost');
  expect(identity.asked).toBe(2);
  expect(standings.checkMs).toBe(20 * SECOND_MS);
});

test('who signs in is judged by the account as it is now', async () => {
  identity.accounts.set('ops-1', { roles: [] });
  expect(await standings.of(operator)).toBe('lost');
  identity.accounts.delete('ops-1');
  expect(await standings.of(operator)).toBe('lost');
  expect(await standings.afresh(operator)).toBe('good');
});

test('many requests of one user at a time ask Firebase once', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => standings.of(operator)));
  expect(new Set(all)).toEqual(new Set(['good']));
  expect(identity.asked).toBe(1);
});

test('while Firebase cannot be asked its last answer counts for the grace, then nothing is known', async () => {
  expect(await standings.of(operator)).toBe('good');
  identity.down = true;
  clock.moveTo(START + limits.accountGraceMs - 1);
  expect(await standings.of(operator)).toBe('good');
  clock.moveTo(START + limits.accountGraceMs);
  expect(await standings.of(operator)).toBe('unknown');
  identity.down = false;
  clock.moveTo(START + limits.accountGraceMs + limits.accountRetryMs);
  expect(await standings.of(operator)).toBe('good');
});

test('who was out before Firebase went away stays out', async () => {
  identity.accounts.set('ops-1', 'deleted');
  expect(await standings.of(operator)).toBe('lost');
  identity.down = true;
  clock.moveTo(START + 60 * SECOND_MS);
  expect(await standings.of(operator)).toBe('lost');
});

test('after a failure Firebase is left alone for a while, and each failure is told', async () => {
  identity.down = true;
  for (const userId of ['ops-1', 'ops-2', 'ops-3']) {
    expect(await standings.of({ ...operator, userId })).toBe('unknown');
  }
  expect([identity.asked, failures.length]).toEqual([1, 1]);
  clock.moveTo(START + limits.accountRetryMs);
  await standings.of(operator);
  expect([identity.asked, failures.length]).toEqual([2, 2]);
});
