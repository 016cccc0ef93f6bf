/**
 * The search of a shop that has an OpenSearch, as its shoppers see it: an edge and the views as processes.
 * What is put into the catalog is found; while OpenSearch is killed and frozen Postgres answers, in the same
 * order; and health tells which is away.
 */
import { apiClient, keyed } from '../../edge/contract/api-client';
import { operator } from '../../local/pipeline/demo-people';
import type { SupervisedProcess } from '../../local/processes/supervised-process';
import { waitUntil } from '../../local/services/readiness';
import { openSearchClient, PRODUCT_INDEX } from '../../platform/search/product-index';
import type { EdgeGround } from '../edges/edge-ground';
import { freeze, thaw } from '../edges/process-tree';
import { EdgeClient } from '../scenarios/edge-client';
import { ensurePerson, signIn } from '../scenarios/firebase-users';

const PRODUCTS = [
  { sku: 'zelkova-1', name: 'Zelkova', nameJa: '欅' },
  { sku: 'zelkova-2', name: 'Zelkova bowl', nameJa: '欅の碗' },
  { sku: 'zelkova-3', name: 'Zelkova tray', nameJa: '欅の盆' },
] as const;
const FOUND = PRODUCTS.map(({ sku }) => sku).join();
const WITHIN_MS = 60_000;
/** What the edge waits for OpenSearch, what Postgres takes, and a second for a busy machine. */
const ANSWERED_WITHIN_MS = 3_000;

export interface ShopSearchOptions {
  readonly openSearch: SupervisedProcess;
  readonly openSearchUrl: string;
  readonly say: (line: string) => void;
}

/** Rejects with what does not hold. */
export async function proveShopSearch(
  { running, edges }: EdgeGround,
  { openSearch, openSearchUrl, say }: ShopSearchOptions,
): Promise<void> {
  const url = edges[0]?.url ?? '';
  await ensurePerson(running.firebaseHost, running.firebaseProject, operator);
  const { cookie } = await EdgeClient.open(url, await signIn(running.firebaseHost, operator));
  const api = apiClient({ url, answerWithinMs: WITHIN_MS, headers: { cookie, origin: url } });
  for (const product of PRODUCTS) {
    const params = { header: keyed(product.sku) };
    const { response } = await api.POST('/api/admin/products', {
      params,
      body: { ...product, unitPrice: 1 },
    });
    if (!response.ok) throw new Error(`${product.sku} was answered ${String(response.status)}`);
  }
  const found = async () => {
    const { data } = await api.GET('/api/products', { params: { query: { query: 'zelkova' } } });
    return data?.products.map(({ sku }) => sku).join();
  };
  const indexed = async () => {
    const client = openSearchClient({ url: openSearchUrl, answerWithinMs: WITHIN_MS });
    const { body } = await client.count({
      index: PRODUCT_INDEX,
      body: { query: { prefix: { sku: { value: 'zelkova-' } } } },
    });
    await client.close();
    return body.count === PRODUCTS.length;
  };
  await holds('the index has the products', indexed);
  await holds('the shop finds them', async () => (await found()) === FOUND);
  await holds('health says that OpenSearch is there', async () => (await stateOf(url)) === 'UP');
  say('the views index the catalog, and the shop finds what is in it');

  for (const loss of ['killed', 'frozen'] as const) {
    if (loss === 'killed') await openSearch.kill();
    else freeze(openSearch.pid ?? NaN);
    await holds('health names OpenSearch', async () => (await stateOf(url)) === 'DOWN');
    const began = performance.now();
    const same = (await found()) === FOUND;
    const tookMs = Math.round(performance.now() - began);
    if (loss === 'killed') await openSearch.start();
    else thaw(openSearch.pid ?? NaN);
    if (!same) throw new Error(`while OpenSearch was ${loss} the shop found something else`);
    if (tookMs > ANSWERED_WITHIN_MS) throw new Error(`the search took ${String(tookMs)} ms`);
    await holds('health says that it is back', async () => (await stateOf(url)) === 'UP');
    say(`OpenSearch ${loss}: health names it, Postgres finds the same in ${String(tookMs)} ms`);
  }
}

async function stateOf(url: string): Promise<string | undefined> {
  const health = (await (await fetch(`${url}/actuator/health`)).json()) as {
    readonly components?: Readonly<Record<string, { readonly status: string }>>;
  };
  return health.components?.['opensearch']?.status;
}

async function holds(what: string, condition: () => Promise<boolean>): Promise<void> {
  const wait = await waitUntil(condition, { withinMs: WITHIN_MS });
  if (wait.kind !== 'held') throw new Error(`it did not come true that ${what}`);
}
