import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildTestEdge, type TestEdge } from '../in-memory-parts';

const run = promisify(execFile);

interface Answer {
  readonly properties?: Readonly<
    Record<string, { readonly type?: string; readonly maxItems?: number }>
  >;
}

interface Operation {
  readonly summary?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Answer }>> }>
  >;
}

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

describe('the description of the API', () => {
  let edge: TestEdge;
  let paths: Described['paths'];

  beforeAll(async () => {
    edge = await buildTestEdge();
    ({ paths } = (await edge.app.inject({ url: '/docs/json' })).json<Described>());
  });
  afterAll(() => edge.app.close());

  function routesWhere(holds: (operation: Operation) => boolean): readonly string[] {
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => holds(operation))
        .map(([method]) => `${method} ${path}`),
    );
  }

  test.each([
    ['post', '/api/alerts/{alertId}/acknowledge'],
    ['post', '/api/alerts/{alertId}/notes'],
    ['post', '/api/alerts/{alertId}/resolve'],
    ['post', '/api/alerts/{alertId}/reopen'],
    ['post', '/api/alerts/{alertId}/actions'],
    ['get', '/api/alerts/{alertId}/actions'],
    ['get', '/api/alerts/{alertId}'],
    ['get', '/api/alerts/{alertId}/history'],
    ['post', '/api/silences'],
    ['get', '/api/silences'],
    ['post', '/api/silences/{silenceId}/end'],
    ['get', '/api/admin/products'],
    ['post', '/api/admin/products/{sku}/withdraw'],
    ['get', '/api/admin/products/{sku}/changes'],
    ['get', '/api/admin/stock'],
    ['post', '/api/admin/stock/adjustments'],
    ['get', '/api/admin/stock/{sku}/adjustments'],
    ['get', '/api/admin/spending-limits/{userId}'],
    ['get', '/api/incidents'],
    ['get', '/api/topics'],
    ['get', '/api/topics/{topic}/messages'],
    ['get', '/api/lag'],
  ])('has %s %s', (method, path) => {
    expect(paths[path]?.[method]).toBeDefined();
  });

  test('is a document of OpenAPI 3.1 by the word of its own validator', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
    try {
      const file = join(folder, 'edge.json');
      writeFileSync(file, JSON.stringify(edge.app.swagger()));
      const program =
        require.resolve('@seriousme/openapi-schema-validator/bin/validate-api-cli.js');
      const { stdout } = await run(process.execPath, [program, file]).catch(
        (error: unknown) => error as { readonly stdout: string },
      );
      expect(JSON.parse(stdout)).toEqual({ valid: true });
      expect(edge.app.swagger()).toMatchObject({ openapi: '3.1.0' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  /** Lists that do not grow with what happens, each with what bounds it. */
  const BOUNDED: Readonly<Record<string, string>> = {
    '/config.json': 'accounts of a demonstration, as the environment names them',
    '/problems': 'the table of errors',
    '/api/products/suggest': 'the best few',
    '/api/topics': 'the topics of the catalogue',
    '/api/lag': 'the apps',
    '/api/log-offsets': 'the partitions of those topics, and the apps',
    '/api/streams-processes': 'the processes that the environment names, and their apps',
    '/api/alerts/{alertId}': 'one alert; all of its history is read page by page beside it',
    '/api/alerts/{alertId}/actions': 'what a rule offers',
    '/api/orders/{orderId}': 'the items of an order',
    '/api/orders/{orderId}/payment': 'the attempts and refunds of an order',
  };

  function listsOf({ responses }: Operation) {
    const { schema } = responses['200']?.content?.['application/json'] ?? {};
    return Object.entries(schema?.properties ?? {}).filter(([, { type }]) => type === 'array');
  }

  test('has a cursor and a bound on every list that grows', () => {
    const lists = Object.entries(paths).flatMap(([path, { get }]) =>
      get === undefined || listsOf(get).length === 0 ? [] : ([[path, get]] as const),
    );
    const grown = lists.filter(([path]) => BOUNDED[path] === undefined);
    expect(grown.length).toBeGreaterThan(12);
    const open = grown.filter(([, get]) => {
      const answer = get.responses['200']?.content?.['application/json']?.schema.properties ?? {};
      const asks = get.parameters?.some(({ name }) => ['before', 'after', 'offset'].includes(name));
      const isBounded = listsOf(get).some(([, { maxItems }]) => maxItems !== undefined);
      return asks !== true || !('next' in answer) || !isBounded;
    });
    expect(open.map(([path]) => path)).toEqual([]);
    // No entry that nothing needs any more.
    const listed = new Set(lists.map(([path]) => path));
    expect(Object.keys(BOUNDED).filter((path) => !listed.has(path))).toEqual([]);
  });

  test('says of every route what it is for', () => {
    expect(routesWhere(({ summary = '' }) => summary === '')).toEqual([]);
  });

  test('says of every route what it answers, and what it answers when it does not', () => {
    const isOpen = ({ responses }: Operation) => {
      const success = Object.entries(responses).find(([status]) => status.startsWith('2'));
      const isDescribed = success?.[0] === '204' || success?.[1].content !== undefined;
      return !isDescribed || !('4XX' in responses) || !('5XX' in responses);
    };
    expect(routesWhere(isOpen)).toEqual([]);
  });
});
