/**
 * The documented commands that are about a running stack, each typed as its document has it; and the
 * production install, whose processes run what the units of a server start.
 */
import { InstalledCopy } from '../../tools/installed-copy';
import { readersEnvironment, runDocumented, runnableCommands } from '../../tools/command-runs';
import { projectFolder } from '../../local/stack/stack-folders';
import { buildProcesses } from '../../local/pipeline/process-build';
import { runUnits } from '../../tools/server-processes';
import { startProductUnderTest, type ProductUnderTest } from './product-under-test';

/** Each starts a Node of its own, or several; a machine that is busy with other tests takes its time. */
jest.setTimeout(180_000);

/** Begun first: it downloads and unpacks while the commands run. */
const installed = installForServer();
// A failure is told by the test that waits for it.
installed.catch(() => undefined);
afterAll(async () => {
  const copy = await installed.catch(() => undefined);
  copy?.remove();
});

async function installForServer(): Promise<InstalledCopy> {
  await buildProcesses(() => undefined);
  const copy = InstalledCopy.forServer(projectFolder);
  await copy.run('npm', 'ci', '--omit=dev');
  return copy;
}

describe('on a running stack', () => {
  let product: ProductUnderTest;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    product = await startProductUnderTest({ ALERTS_RULE_A_GRACE_MS: '3000' });
    environment = await readersEnvironment(product.varFolder, product.running);
  });
  afterAll(() => product.stop());

  test.each(runnableCommands())('%s', async (command) => {
    expect((await runDocumented(command, environment)).result).toEqual({ kind: 'works' });
  });
});

test('a production install has no package of development, and starts every process of a server', async () => {
  const copy = await installed;
  expect(copy.arePatchesApplied()).toBe(true);
  expect(copy.developmentPackages()).toEqual([]);
  const units = (await runUnits(copy, process.env)).map(({ unit }) => unit);
  expect(units).toEqual(['paypay-edge', 'paypay-gateway', 'paypay-streams', 'paypay-views']);
});
