/**
 * Values for a JSON schema: those that fit, and those that somebody would send who wants to break
 * what reads them. Every schema of the edge's description is understood; another one throws.
 */
import fc, { type Arbitrary } from 'fast-check';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Where programs break: at the ends of types, at what only looks like a value of the right one. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  [],
  {},
  '',
  ' ',
  0,
  -0,
  -1,
  0.5,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  Number.MAX_SAFE_INTEGER - 1,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  1e21,
  1e300,
  -1e300,
  '1',
  '9'.repeat(400),
  'a'.repeat(5_000),
  '\u0000',
  '\ud800',
  '\u202e\u200b',
  '緑茶',
  "' or 1=1 --",
  "'; drop table orders; --",
  '%_\\',
  '$ne',
  '../../../../etc/passwd',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '2026-02-30T00:00:00Z',
  '__proto__',
  'constructor',
];

const hostile: Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.integer({ min: 10, max: 200 }).map(nested) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** What fits the schema. */
export function fitting(schema: JsonSchema): Arbitrary<unknown> {
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  if (Array.isArray(schema['anyOf'])) {
    return fc.oneof(...(schema['anyOf'] as JsonSchema[]).map(fitting));
  }
  switch (schema['type']) {
    case 'string':
      return fittingText(schema);
    case 'integer':
      return fc.maxSafeInteger().map((n) => clamp(n, schema));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(fitting(schema['items'] as JsonSchema), {
        minLength: Number(schema['minItems'] ?? 0),
        maxLength: Math.min(Number(schema['maxItems'] ?? 3), 3),
      });
    case 'object':
      return fittingObject(schema);
    default:
      throw new Error(`no values are known for ${JSON.stringify(schema)}`);
  }
}

function fittingText({ pattern, minLength = 0, maxLength = 60 }: JsonSchema): Arbitrary<string> {
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength: Number(minLength), maxLength: Math.min(Number(maxLength), 60) });
}

function fittingObject({ properties = {}, required = [] }: JsonSchema): Arbitrary<unknown> {
  const fields = Object.entries(properties as Record<string, JsonSchema>);
  const model = Object.fromEntries(fields.map(([name, schema]) => [name, fitting(schema)]));
  return fc.record(model, { requiredKeys: required as never[] });
}

function clamp(n: number, { minimum, maximum }: JsonSchema): number {
  const [low, high] = [Number(minimum), Number(maximum)];
  return low + (Math.abs(n) % (high - low + 1));
}

/** Nearly what fits: one of its values, at whatever depth, is hostile, missing or too many. */
export function misfitting(schema: JsonSchema): Arbitrary<unknown> {
  return fc
    .tuple(fitting(schema), hostile, fc.nat(), fc.constantFrom('replace', 'remove', 'add'))
    .map(([value, wrong, place, how]) => broken(value, wrong, place, how));
}

export function anything(): Arbitrary<unknown> {
  return hostile;
}

function broken(value: unknown, wrong: unknown, place: number, how: string): unknown {
  if (typeof value !== 'object' || value === null) return wrong;
  const names = Object.keys(value);
  const name = names[place % Math.max(1, names.length)];
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<
    string,
    unknown
  >;
  if (name === undefined || how === 'add') copy[`extra${String(place % 3)}`] = wrong;
  else if (how === 'remove') Reflect.deleteProperty(copy, name);
  else copy[name] = place % 2 === 0 ? wrong : broken(copy[name], wrong, place >> 1, how);
  return copy;
}
