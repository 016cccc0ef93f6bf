import type { EdgeScope } from '../../../edge/app-parts';
import { AVRO_INT_MAX, AVRO_LONG_MAX } from '../../../edge/contract/numbers';
import { OPS_TOKEN, buildTestEdge, type TestEdge } from '../in-memory-parts';
import { ALERT_ID, alertRow } from '../rows';

type Schema = Readonly<Record<string, unknown>>;

/** Every schema within a schema, with its path. */
function* schemasIn(schema: unknown, path: string): Generator<readonly [string, Schema]> {
  if (typeof schema !== 'object' || schema === null) return;
  if (!Array.isArray(schema)) yield [path, schema as Schema];
  for (const [name, part] of Object.entries(schema)) yield* schemasIn(part, `${path}/${name}`);
}

/** All that the routes say of themselves, as Fastify checks by it. */
function describedBy(app: EdgeScope): readonly (readonly [string, Schema])[] {
  const { paths } = app.swagger() as unknown as { paths: Record<string, unknown> };
  return [...schemasIn(paths, '')];
}

describe('every number in a contract', () => {
  let edge: TestEdge;

  beforeAll(async () => {
    edge = await buildTestEdge();
    await edge.app.ready();
  });
  beforeEach(() => edge.reset());
  afterAll(() => edge.app.close());

  test('is bounded by what its Avro type holds', () => {
    const numbers = describedBy(edge.app).filter(([, { type }]) =>
      [type].flat().some((each) => each === 'integer' || each === 'number'),
    );
    expect(numbers.length).toBeGreaterThan(100);
    const unbounded = numbers.filter(([, { minimum, maximum }]) => {
      const isBound = (bound: unknown) =>
        typeof bound === 'number' && Math.abs(bound) <= AVRO_LONG_MAX;
      return !isBound(minimum) || !isBound(maximum);
    });
    expect(unbounded.map(([path]) => path)).toEqual([]);
  });

  test('that becomes an Avro int is bounded as one', () => {
    const ints = ['expectedVersion', 'quantity', 'version', 'partition'];
    const wide = describedBy(edge.app).filter(
      ([path, { type, maximum }]) =>
        type === 'integer' &&
        // A product's version is an offset.
        !path.startsWith('//api/admin/products') &&
        ints.some((name) => path.endsWith(`/properties/${name}`)) &&
        Number(maximum) > AVRO_INT_MAX,
    );
    expect(wide.map(([path]) => path)).toEqual([]);
  });

  test('a pattern says in words what it asks for', () => {
    const silent = describedBy(edge.app).filter(
      ([, schema]) => typeof schema['pattern'] === 'string' && !('x-rule' in schema),
    );
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  const action = { action: 'REFUND', reason: 'asked by the shopper' };

  test.each([
    ['the largest version', { ...action, expectedVersion: AVRO_INT_MAX }, 202, null],
    ['a version beyond', { ...action, expectedVersion: 2 ** 31 }, 400, 'expectedVersion'],
    ['the largest amount', { ...action, expectedVersion: 1, amount: AVRO_LONG_MAX }, 202, null],
    ['an amount beyond', { ...action, expectedVersion: 1, amount: 2 ** 53 - 1 }, 400, 'amount'],
    ['an amount beyond any', { ...action, expectedVersion: 1, amount: 1e300 }, 400, 'amount'],
  ])('%s is taken, or refused by its name', async (_what, payload, status, field) => {
    const row = alertRow();
    edge.readModels.alertRows.push({ ...row, alert: { ...row.alert, rule: 'RULE_C' } });
    const headers = { cookie: await edge.signIn(OPS_TOKEN), 'idempotency-key': 'key-1' };
    const url = `/api/alerts/${ALERT_ID}/actions`;
    const answer = await edge.app.inject({ method: 'POST', url, headers, payload });
    expect(answer.statusCode).toBe(status);
    if (field !== null) expect(answer.json()).toMatchObject({ code: 'INVALID_FIELD', field });
  });
});
