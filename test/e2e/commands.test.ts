/**
 * The documented commands that are about a running stack, each typed as its document has it; and the
 * production install, whose processes run what the units of a server start.
 */
import { InstalledCopy } from '../../tools/installed-copy';
import { readersEnvironment, runDocumented, runnableCommands } from '../../tools/command-runs';
import { projectFolder } from '../../local/stack/stack-folders';
import { runUnits } from '../../tools/server-processes';
import { startProductUnderTest, type ProductUnderTest } from './product-under-test';

/** Each starts a Node of its own, or several; a machine that is busy with other tests takes its time. */
jest.setTimeout(180_000);

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
  const copy = InstalledCopy.forServer(projectFolder);
  try {
    await copy.run('npm', 'ci', '--omit=dev');
    expect(copy.arePatchesApplied()).toBe(true);
    expect(copy.developmentPackages()).toEqual([]);
    const units = (await runUnits(copy, process.env)).map(({ unit }) => unit);
    expect(units).toEqual(['paypay-edge', 'paypay-gateway', 'paypay-streams', 'paypay-views']);
  } finally {
    copy.remove();
  }
});
