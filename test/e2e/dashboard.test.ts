/** The pages in a real Chromium, on the whole product: what happens shows without a reload. */
import type { Page } from 'playwright-core';
import { DEMO_PASSWORD } from '../../scenarios/firebase-users';
import { seed } from '../../scenarios/seed';
import { ruleC } from '../../scenarios/stories/contradictions';
import { World, operator, shopper } from '../../scenarios/world';
import { systemClock } from '../../streams/runtime/clock';
import { openBrowser, type RunningBrowser } from './browser';
import { startProductUnderTest, type ProductUnderTest } from './product-under-test';

jest.setTimeout(240_000);

/** On a busy machine a page takes seconds to load. */
const SHOWN_WITHIN_MS = 60_000;

let product: ProductUnderTest;
let world: World;
let chromium: RunningBrowser;
const undo: (() => Promise<void>)[] = [];

beforeAll(async () => {
  product = await startProductUnderTest();
  undo.push(() => product.stop());
  world = await World.open(product.running, `dashboard-${String(systemClock.now())}`);
  undo.push(() => world.close());
  await seed(world);
  chromium = await openBrowser();
  undo.push(() => chromium.close());
});

afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

/** Marks the page, so that a reload would be seen. */
async function mark(page: Page): Promise<void> {
  await page.evaluate('window.loadedOnce = true');
}

async function wasReloaded(page: Page): Promise<boolean> {
  return (await page.evaluate('window.loadedOnce')) !== true;
}

async function openSignedIn(email: string, path: string): Promise<Page> {
  const context = await chromium.browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(SHOWN_WITHIN_MS);
  await page.goto(`${product.running.edgeUrl}${path}`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  return page;
}

test('an alert appears in the open page of an operator without a reload', async () => {
  const page = await openSignedIn(operator.email, '/alerts?status=UNRESOLVED');
  await page.getByRole('heading', { name: 'Alerts' }).waitFor();
  await page.getByText('Reading the alerts').waitFor({ state: 'detached' });
  await mark(page);
  await ruleC.play(world);
  // It waits behind "1 new", so that nothing jumps under the operator's hand.
  const waiting = page.getByRole('button', { name: /^\d+ new$/ });
  const row = page.getByRole('list', { name: 'Alerts' }).getByText('order is FAILED').first();
  await waiting.or(row).first().waitFor();
  if (await waiting.isVisible()) await waiting.click();
  await row.waitFor();
  expect(await wasReloaded(page)).toBe(false);
  await page.context().close();
});

test("a shopper's order turns to paid by itself", async () => {
  const { edge } = await world.signInAs(shopper);
  const orderId = await edge.placeOrder([{ sku: 'matcha-30g', quantity: 1 }], world.run);
  const { merchantPaymentId } = await world.event('PaymentCodeIssued', orderId);
  const page = await openSignedIn(shopper.email, `/orders/${orderId}`);
  await page.getByLabel('QR code to pay with PayPay').waitFor();
  await mark(page);
  await world.paypay.act(merchantPaymentId, { action: 'pay' });
  await page.getByLabel('QR code to pay with PayPay').waitFor({ state: 'detached' });
  await page.getByRole('region', { name: 'Payment' }).getByText(/paid/i).first().waitFor();
  expect(await wasReloaded(page)).toBe(false);
  await page.context().close();
});
