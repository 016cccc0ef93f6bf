/**
 * Requests to every route that a description in OpenAPI has: right ones, nearly right ones, and wrong
 * ones in every place where something is read. Equal seeds make equal requests.
 */
import fc, { type Arbitrary } from 'fast-check';
import { anything, fitting, misfitting, type JsonSchema } from './json-values';

export interface FuzzedRequest {
  readonly method: string;
  /** As the description writes it: /api/orders/{orderId}. */
  readonly route: string;
  readonly url: string;
  readonly as: Caller;
  readonly headers: Readonly<Record<string, string>>;
  /** Text as it is sent; undefined: no body. */
  readonly body: string | undefined;
}

/** Whose cookie goes with it; `tampered`: one that was changed by a character. */
export type Caller = 'nobody' | 'shopper' | 'other' | 'ops' | 'tampered';
const CALLERS: readonly Caller[] = ['nobody', 'shopper', 'other', 'ops', 'ops', 'ops', 'tampered'];

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema?: JsonSchema }>> };
}

export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Ids that exist, so that not every right request ends with 404. */
export type KnownIds = Readonly<Record<string, readonly string[]>>;

export function fuzzedRequests(
  description: Description,
  known: KnownIds,
  { requests, seed }: { readonly requests: number; readonly seed: number },
): readonly FuzzedRequest[] {
  const operations = Object.entries(description.paths).flatMap(([route, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      requestOf(route, method, operation, known),
    ),
  );
  const each = Math.ceil(requests / operations.length);
  const all = operations.flatMap((arbitrary, n) =>
    fc.sample(arbitrary, { numRuns: each, seed: seed + n }),
  );
  return all.slice(0, Math.max(requests, 0));
}

function requestOf(
  route: string,
  method: string,
  { parameters = [], requestBody }: Operation,
  known: KnownIds,
): Arbitrary<FuzzedRequest> {
  const named = (place: Parameter['in']) => parameters.filter((each) => each.in === place);
  return fc
    .record({
      as: fc.constantFrom(...CALLERS),
      path: valuesOf(named('path'), known),
      query: valuesOf(named('query'), known),
      headers: valuesOf(named('header'), known),
      body: bodyOf(requestBody?.content['application/json']?.schema),
      extra: fc.constantFrom(...EXTRA_HEADERS),
    })
    .map(({ as, path, query, headers, body, extra }) => ({
      method: method.toUpperCase(),
      route,
      url: urlOf(route, path, query),
      as,
      headers: { ...headerTexts(headers), ...typeOf(body), ...extra },
      body,
    }));
}

/** Mostly none; the others are what proxies, browsers and attackers send. */
const EXTRA_HEADERS: readonly Readonly<Record<string, string>>[] = [
  {},
  {},
  {},
  {},
  {},
  {},
  { 'content-encoding': 'gzip' },
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/x-www-form-urlencoded' },
  { origin: 'https://evil.example' },
  { 'sec-fetch-site': 'cross-site' },
  { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'evil.example' },
  { 'x-http-method-override': 'DELETE' },
  { 'if-none-match': '*' },
  { 'x-webhook-replay': 'yesterday', 'x-webhook-replay-key': 'guess' },
];

const LOGGED_TOPIC = 'orders.events.v1';

type Values = Readonly<Record<string, unknown>>;

function valuesOf(parameters: readonly Parameter[], known: KnownIds): Arbitrary<Values> {
  const model = Object.fromEntries(
    parameters.map(({ name, schema }) => [name, valueOf(name, schema, known)]),
  );
  const requiredKeys = parameters
    .filter(({ in: place }) => place === 'path')
    .map(({ name }) => name);
  return fc.record(model, { requiredKeys: requiredKeys as never[] });
}

function valueOf(name: string, schema: JsonSchema, known: KnownIds): Arbitrary<unknown> {
  const ids = known[name] ?? [];
  const isCursor = name === 'before' || name === 'after';
  return fc.oneof(
    ...(ids.length === 0 ? [] : [{ weight: 6, arbitrary: fc.constantFrom(...ids) }]),
    ...(isCursor ? [{ weight: 12, arbitrary: madeCursor }] : []),
    { weight: 4, arbitrary: fitting(schema) },
    { weight: 2, arbitrary: anything() },
  );
}

/** What a cursor could hold that no list gave: at the ends of the columns that it is compared with. */
const madeCursor: Arbitrary<string> = fc
  .array(
    fc.constantFrom(
      ...[-253_402_300_799_999, -1, 0, 1, 5, 6, 2 ** 31, 2 ** 40, 253_402_300_799_999],
      ...[2 ** 53 - 1, 2 ** 53, 1e300, '', 'a', '\u0000', '\ud800', "' or 1=1 --", null],
      ...[LOGGED_TOPIC, 'a'.repeat(200)],
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((values) => Buffer.from(JSON.stringify(values)).toString('base64url'));

function bodyOf(schema: JsonSchema | undefined): Arbitrary<string | undefined> {
  if (schema === undefined) {
    return fc.oneof(
      { weight: 6, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: anything().map(jsonText) },
    );
  }
  return fc.oneof(
    { weight: 6, arbitrary: fitting(schema).map(jsonText) },
    { weight: 8, arbitrary: misfitting(schema).map(jsonText) },
    { weight: 1, arbitrary: anything().map(jsonText) },
    { weight: 1, arbitrary: fitting(schema).map((value) => jsonText(value).slice(0, -1)) },
    { weight: 1, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  );
}

/** What a JSON writer does not write. */
const HOSTILE_TEXTS = [
  '',
  '{"__proto__":{"roles":["ops"]}}',
  '{"constructor":{"prototype":{"roles":["ops"]}}}',
  '{"items":[{"sku":"A","sku":"B","quantity":1}]}',
  '{"expectedVersion":1e400}',
  '{"expectedVersion":9223372036854775807}',
  '[[[[[[[[[[',
  'NaN',
  '\u0000',
  '"'.repeat(40_000),
];

function jsonText(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}

function typeOf(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

function urlOf(route: string, path: Values, query: Values): string {
  const filled = route.replace(/\{([^}]+)\}/g, (_all, name: string) => urlText(path[name]));
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${urlText(value)}`);
  return pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`;
}

/** A lone surrogate has no code in a URL. */
function urlText(value: unknown): string {
  const text = typeof value === 'string' ? value : jsonText(value);
  return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));
}

/** Node refuses to send what is no header. */
function headerTexts(values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const text = typeof value === 'string' ? value : jsonText(value);
      return [name, text.replace(/[^\x21-\x7e]/g, ' ').trim()];
    }),
  );
}
