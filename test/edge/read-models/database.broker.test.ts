import { Database } from '../../../edge/read-models/database';
import { freshDatabase, type FreshDatabase } from '../../streams/views/fresh-database';

/** Databases are made and dropped here, which takes seconds on a busy machine. */
jest.setTimeout(60_000);

describe('the connection to Postgres', () => {
  let fresh: FreshDatabase;
  let database: Database;

  beforeEach(async () => {
    fresh = await freshDatabase();
    database = new Database(fresh.url, () => undefined);
  });
  afterEach(async () => {
    await database.close();
    await fresh.drop();
  });

  it('that ends in the middle of a snapshot is a 503, and the next one is another', async () => {
    const snapshot = database.snapshot((query) =>
      query('select pg_terminate_backend(pg_backend_pid())'),
    );
    await expect(snapshot).rejects.toMatchObject({ code: 'VIEWS_UNAVAILABLE' });
    const rows = await database.snapshot((query) => query('select 1 as one'));
    expect(rows).toEqual([{ one: 1 }]);
  });
});
