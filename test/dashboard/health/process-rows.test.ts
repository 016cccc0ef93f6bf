import { processRows } from '../../../dashboard/health/process-rows';

const app = { state: 'running', detail: null, tasks: 6, restoring: [], transactions: null };

test('what is wrong comes first, and a process stands before its apps once', () => {
  const rows = processRows([
    {
      address: 'a:1',
      status: 'UP',
      apps: ['orders', 'alerts'].map((name) => ({ ...app, app: name })),
    },
    { address: 'b:1', status: 'DOWN', apps: [{ ...app, app: 'views' }] },
    { address: 'c:1', status: 'SILENT', apps: [] },
  ]);
  const shown = rows.map(({ process, app: own, span }) => [process.address, own?.app, span]);
  expect(shown).toEqual([
    ['c:1', undefined, 1],
    ['b:1', 'views', 1],
    ['a:1', 'orders', 2],
    ['a:1', 'alerts', 0],
  ]);
});
