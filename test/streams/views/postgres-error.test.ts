import { DatabaseError } from 'pg';
import { passes, refusesData } from '../../../streams/views/postgres-error';

function sqlState(code: string): DatabaseError {
  return Object.assign(new DatabaseError('said by the server', 0, 'error'), { code });
}

describe('an error of Postgres', () => {
  it.each([
    ['a refused connection', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['a connection that broke', new Error('Connection terminated unexpectedly')],
    ['a server that starts', sqlState('57P03')],
    ['a server that was stopped', sqlState('57P01')],
    ['a full disk', sqlState('53100')],
    ['a deadlock', sqlState('40P01')],
    ['a statement that took too long', sqlState('57014')],
  ])('passes when it is %s', (_name, error) => {
    expect(passes(error)).toBe(true);
  });

  it.each([
    ['a value that does not fit its column', sqlState('22003')],
    ['a check that does not hold', sqlState('23514')],
    ['a value too large for an index', sqlState('54000')],
  ])('is the fault of one record when it is %s', (_name, error) => {
    expect(passes(error)).toBe(false);
    expect(refusesData(error)).toBe(true);
  });

  it.each([
    ['a table that is not there', sqlState('42P01')],
    ['a wrong password', sqlState('28P01')],
    ['an error that nobody named', new Error('undefined is not a function')],
    ['no error at all', 'text'],
  ])('ends the app when it is %s', (_name, error) => {
    expect(passes(error)).toBe(false);
    expect(refusesData(error)).toBe(false);
  });
});
