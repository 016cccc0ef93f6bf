/**
 * The documented commands that are about a running stack, each typed as its document has it; and the
 * production install, whose processes run what the units of a server start.
 */
import { InstalledCopy } from '../../tools/installed-copy';
import {
  readersEnvironment,
  runDocumented,
  runnableCommands,
  type CommandRun,
} from '../../tools/command-runs';
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

/**
 * They place orders or tell PayPay to misbehave, and two at once would get into each other's way; or they
 * ask for what such a one did some seconds ago.
 */
const isOfTheShop = (command: string) =>
  /^npm run (scenario|webhook:replay|simulate:paypay|rules:backtest)\b/.test(command);

/** One after the other; what each came to, by the command. */
function runInTurn(commands: readonly string[], environment: NodeJS.ProcessEnv) {
  let last: Promise<unknown> = Promise.resolve();
  return commands.map((command): [string, Promise<CommandRun>] => {
    const run = last.then(() => runDocumented(command, environment));
    // A failure is told by the test that waits for it.
    last = run.catch(() => undefined);
    return [command, run];
  });
}

describe('on a running stack', () => {
  let product: ProductUnderTest;
  let runs: ReadonlyMap<string, Promise<CommandRun>>;

  beforeAll(async () => {
    product = await startProductUnderTest({ ALERTS_RULE_A_GRACE_MS: '3000' });
    const environment = await readersEnvironment(product.varFolder, product.running);
    const commands = runnableCommands();
    // As at two shells: one has a shop, the other one reads.
    runs = new Map([
      ...runInTurn(commands.filter(isOfTheShop), environment),
      ...runInTurn(
        commands.filter((command) => !isOfTheShop(command)),
        environment,
      ),
    ]);
  });
  afterAll(async () => {
    await Promise.allSettled(runs.values());
    await product.stop();
  });

  test.each(runnableCommands())('%s', async (command) => {
    expect((await runs.get(command))?.result).toEqual({ kind: 'works' });
  });
});

test('a production install has no package of development, and starts every process of a server', async () => {
  const copy = await installed;
  expect(copy.arePatchesApplied()).toBe(true);
  expect(copy.developmentPackages()).toEqual([]);
  const units = (await runUnits(copy, process.env)).map(({ unit }) => unit);
  expect(units).toEqual(['paypay-edge', 'paypay-gateway', 'paypay-streams', 'paypay-views']);
});
