import { openSearch } from '../../../edge/search/opensearch-search';
import { systemClock } from '../../../platform/clock';
import { openSearchClient, PRODUCT_INDEX_DATA } from '../../../platform/search/product-index';
import { OpenSearchStore } from '../../../streams/views/opensearch-store';
import { fromEnvironment } from '../../streams/views/views-fixture';
import { describeProductSearch } from './search-contract';

/** A node that has just started takes its time. */
jest.setTimeout(120_000);

const url = fromEnvironment('OPENSEARCH_URL');
const client = openSearchClient({ url, answerWithinMs: 30_000 });

async function wipe(): Promise<void> {
  await client.indices.delete({ index: PRODUCT_INDEX_DATA, ignore_unavailable: true });
}

afterAll(() => client.close());

describeProductSearch('OpenSearch', async () => {
  await wipe();
  const store = new OpenSearchStore(url, systemClock);
  return {
    store,
    search: openSearch(client),
    settled: async () => {
      await client.indices.refresh({ index: PRODUCT_INDEX_DATA });
    },
    close: async () => {
      await store.close();
      await wipe();
    },
  };
});
