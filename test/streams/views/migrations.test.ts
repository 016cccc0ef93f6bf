import {
  MigrationMismatchError,
  missingMigrations,
  readMigrations,
} from '../../../streams/views/migrations';

const files = [
  { name: '0001_a.sql', sql: 'select 1', digest: 'aa' },
  { name: '0002_b.sql', sql: 'select 2', digest: 'bb' },
];

describe('the migrations', () => {
  it('are read in the order of their names', () => {
    const names = readMigrations().map(({ name }) => name);
    expect(names[0]).toBe('0001_read-models.sql');
    expect(names).toEqual([...names].sort());
  });

  it('are applied from where the database stands', () => {
    expect(missingMigrations(files, [])).toEqual(files);
    expect(missingMigrations(files, [{ name: '0001_a.sql', digest: 'aa' }])).toEqual([files[1]]);
    expect(missingMigrations(files, files)).toEqual([]);
  });

  it('refuse a database whose file was changed after it was applied', () => {
    expect(() => missingMigrations(files, [{ name: '0001_a.sql', digest: 'xx' }])).toThrow(
      MigrationMismatchError,
    );
  });

  it('refuse a database that a later build has migrated', () => {
    const later = [...files, { name: '0003_c.sql', digest: 'cc' }];
    expect(() => missingMigrations(files, later)).toThrow('0003_c.sql');
  });
});
