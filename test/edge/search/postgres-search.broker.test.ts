import { Database } from '../../../edge/read-models/database';
import { postgresSearch } from '../../../edge/search/postgres-search';
import { ViewStore } from '../../../streams/views/view-store';
import { freshDatabase } from '../../streams/views/fresh-database';
import { describeProductSearch } from './search-contract';

/** Databases are made and dropped here, which takes seconds on a busy machine. */
jest.setTimeout(120_000);

describeProductSearch('Postgres', async () => {
  const fresh = await freshDatabase();
  const store = new ViewStore(fresh.url);
  const database = new Database(fresh.url, () => undefined);
  return {
    store,
    search: postgresSearch(database.query),
    settled: () => Promise.resolve(),
    close: async () => {
      await database.close();
      await store.close();
      await fresh.drop();
    },
  };
});
