/**
 * `npm run screenshots`: pictures of every page of the dashboard on the stack that runs, in three
 * languages, light and dark, wide and narrow, full, empty and disconnected, below var/screenshots.
 * Each kind can be narrowed: `--locales ja,en --themes dark --widths narrow --states full --pages alerts`.
 * `--readme` takes the three of the README instead, into docs/pictures.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { shopper } from '../../local/pipeline/demo-people';
import { endCommand } from '../../platform/command-end';
import { projectFolder } from '../../platform/project-folder';
import { readRunningStack, type RunningStack } from '../../platform/running-stack';
import { seed } from '../scenarios/seed';
import { World } from '../scenarios/world';
import { openBrowser, type RunningBrowser } from './browser';
import { Camera, LOCALES, STATES, THEMES, WIDTHS } from './camera';
import { README_SCREENS, screensOf, type Subjects } from './screens';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      var: { type: 'string' },
      out: { type: 'string' },
      locales: { type: 'string' },
      themes: { type: 'string' },
      widths: { type: 'string' },
      states: { type: 'string' },
      pages: { type: 'string' },
      readme: { type: 'boolean', default: false },
    },
  });
  const folder = values.var ?? process.env['STACK_VAR'] ?? path.join(projectFolder, 'var');
  const running = readRunningStack(path.join(folder, 'run', 'running-stack.json'));
  if (running === undefined) {
    console.error(`No stack runs on ${folder}. Start one with npm start.`);
    return 1;
  }
  if (!hasChineseFont()) {
    console.error('No font for 日本語 and 简体中文 is installed: apt-get install fonts-noto-cjk');
    return 1;
  }
  const world = await World.open(running, String(Date.now()));
  const chromium = await openBrowser();
  try {
    if (values.readme) return await takeForReadme(world, chromium, running);
    const screens = screensOf(await subjectsOf(world)).filter(
      ({ name }) => values.pages === undefined || values.pages.split(',').includes(name),
    );
    const out = values.out ?? path.join(folder, 'screenshots');
    const camera = new Camera(chromium.browser, urlsOf(running), out);
    const states = chosen(STATES, values.states);
    let taken = 0;
    for (const locale of chosen(LOCALES, values.locales)) {
      for (const theme of chosen(THEMES, values.themes)) {
        for (const width of chosen(WIDTHS, values.widths)) {
          const files = await camera.take({ locale, theme, width }, states, screens);
          taken += files.length;
          console.log(`${locale} ${theme} ${width}: ${String(files.length)} pictures`);
        }
      }
    }
    console.log(`${String(taken)} pictures in ${out}`);
    return taken > 0 ? 0 : 1;
  } finally {
    await chromium.close();
    await world.close();
  }
}

function urlsOf({ edgeUrl, simulatorUrl }: RunningStack) {
  return { edge: edgeUrl, simulator: simulatorUrl };
}

async function takeForReadme(
  world: World,
  { browser }: RunningBrowser,
  running: RunningStack,
): Promise<number> {
  const screens = screensOf(await subjectsOf(world));
  const camera = new Camera(
    browser,
    urlsOf(running),
    path.join(projectFolder, 'docs/pictures'),
    'readme',
  );
  const look = { locale: 'en', theme: 'light', width: 'wide' } as const;
  const wanted = screens.filter(({ name }) => README_SCREENS.includes(name));
  const files = await camera.take(look, ['full'], wanted);
  for (const file of files) console.log(file);
  return files.length === README_SCREENS.length ? 0 : 1;
}

/** A payment that came after its order had expired, and an order that waits to be paid. */
async function subjectsOf(world: World): Promise<Subjects> {
  await seed(world);
  const late = await world.orderWithCode('screenshots');
  await world.paypay.act(late.merchantPaymentId, { action: 'expire' });
  await world.event('OrderFailed', late.orderId);
  await world.paypay.act(late.merchantPaymentId, { action: 'pay-late' });
  const { alertId } = await world.event('AlertRaised', late.orderId);
  const { edge, userId } = await world.signInAs(shopper);
  const items = [
    { sku: 'matcha-30g', quantity: 2 },
    { sku: 'chasen', quantity: 1 },
  ];
  const waitingOrderId = await edge.placeOrder(items, `screenshots-${world.run}`);
  await world.event('PaymentCodeIssued', waitingOrderId);
  await world.eventually('the edge has the alert', () => world.ops.alert(alertId));
  return { alertId, failedOrderId: late.orderId, waitingOrderId, userId };
}

/** `wanted`: separated by commas; undefined: all of them. */
function chosen<const T extends string>(
  all: readonly T[],
  wanted: string | undefined,
): readonly T[] {
  return all.filter((each) => wanted === undefined || wanted.split(',').includes(each));
}

/** Without one every letter of two of the languages is the same box. */
function hasChineseFont(): boolean {
  if (existsSync('/usr/share/fonts/opentype/noto')) return true;
  try {
    return execFileSync('fc-list', [':lang=ja'], { encoding: 'utf8' }).trim() !== '';
  } catch {
    return false;
  }
}

main().then(endCommand, (error: unknown) => {
  console.error(error);
  endCommand(1);
});
