/** The index of products out of the log: followed, rebuilt by reading again, and read by two at once. */
import { openSearch } from '../../../edge/search/opensearch-search';
import { openSearchClient, PRODUCT_INDEX_DATA } from '../../../platform/search/product-index';
import { questionOf } from '../../../platform/search/search-terms';
import type { EventOf } from '../../../schemas/event';
import type { RunningApp } from '../../../streams/runtime/running-app';
import { startSearchIndex } from '../../../streams/views/search-index';
import { catalogProducts } from '../../../topics/catalog';
import { ofThing } from './sample-events';
import { ViewsFixture, eventually, fromEnvironment } from './views-fixture';

/** Groups are joined, on a machine that is busy. */
jest.setTimeout(120_000);

const openSearchUrl = fromEnvironment('OPENSEARCH_URL');
const client = openSearchClient({ url: openSearchUrl, answerWithinMs: 30_000 });
let fixture: ViewsFixture;
const running: RunningApp[] = [];

beforeAll(async () => {
  fixture = await ViewsFixture.open();
  await wipe();
});
afterEach(async () => {
  for (const app of running.splice(0)) await app.stop();
});
afterAll(async () => {
  await fixture.close();
  await wipe();
  await client.close();
});

async function wipe(): Promise<void> {
  await client.indices.delete({ index: PRODUCT_INDEX_DATA, ignore_unavailable: true });
}

async function start(group = fixture.freshName('search')): Promise<void> {
  running.push(await startSearchIndex({ ...fixture.parts, openSearchUrl, group }));
}

function product(sku: string, name: string, active = true): EventOf<'Product'> {
  const texts = { sku, name, nameJa: name, description: '', descriptionJa: '' };
  const rest = { unitPrice: 1, currency: 'JPY', imageUrl: null, active };
  const marks = { actor: '', reason: '', requestKey: '', requestFingerprint: '' };
  return ofThing<'Product'>({ type: 'Product', ...texts, ...rest, ...marks }, sku);
}

async function found(text: string): Promise<readonly string[]> {
  const places = await openSearch(client).find(questionOf(text), {
    among: 'everything',
    limit: 50,
  });
  return places.map(({ sku }) => sku);
}

function finds(text: string, skus: readonly string[]): Promise<void> {
  return eventually(`"${text}" finds ${skus.join(', ') || 'nothing'}`, async () => {
    try {
      return (await found(text)).join() === skus.join();
    } catch {
      // There is no index yet.
      return false;
    }
  });
}

test('follows the log, also while two instances read it', async () => {
  const group = fixture.freshName('search');
  await start(group);
  await start(group);
  await fixture.append(catalogProducts, product('S-1', 'Zelkova'), product('S-2', 'Zelkova bowl'));
  await finds('zelkova', ['S-1', 'S-2']);
  await fixture.append(catalogProducts, product('S-1', 'Zelkova', false), product('S-2', 'Hinoki'));
  await finds('zelkova', []);
  await finds('hinoki', ['S-2']);
});

test('goes on where it stood, and is rebuilt from the log where it is wiped', async () => {
  await start();
  await fixture.append(catalogProducts, product('S-3', 'Kayanoki'));
  await finds('kayanoki', ['S-3']);
  for (const app of running.splice(0)) await app.stop();
  await fixture.append(catalogProducts, product('S-4', 'Kayanoki tray'));
  await start();
  await finds('kayanoki', ['S-3', 'S-4']);
  for (const app of running.splice(0)) await app.stop();
  await wipe();
  await start();
  await finds('kayanoki', ['S-3', 'S-4']);
  await finds('hinoki', ['S-2']);
});

test('begins anew by itself where the index is deleted under it', async () => {
  await start();
  await finds('kayanoki', ['S-3', 'S-4']);
  await wipe();
  await fixture.append(catalogProducts, product('S-5', 'Kayanoki box'));
  await finds('kayanoki', ['S-3', 'S-5', 'S-4']);
});
