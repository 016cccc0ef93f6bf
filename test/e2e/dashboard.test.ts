/** The pages in a real Chromium, on the whole product: what happens shows without a reload. */
import type { Page } from 'playwright-core';
import { keyed } from '../../edge/contract/api-client';
import { seed } from '../../proof/scenarios/seed';
import { ruleC } from '../../proof/scenarios/stories/contradictions';
import { DEMO_PASSWORD, operator, shopper } from '../../local/pipeline/demo-people';
import { World } from '../../proof/scenarios/world';
import { systemClock } from '../../platform/clock';
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

/** A payment that came after its order had expired: rule C. */
async function latePayment(name: string): Promise<string> {
  const { orderId, merchantPaymentId } = await world.orderWithCode(name);
  await world.paypay.act(merchantPaymentId, { action: 'expire' });
  await world.event('OrderFailed', orderId);
  await world.paypay.act(merchantPaymentId, { action: 'pay-late' });
  const { alertId } = await world.event('AlertRaised', orderId);
  await world.eventually('the edge has the alert', () => world.ops.alert(alertId));
  return alertId;
}

test('an operator refunds from the alert: preview, confirmation, outcome and audit', async () => {
  const page = await openSignedIn(
    operator.email,
    `/alerts/${await latePayment('refund-by-browser')}`,
  );
  const reason = 'paid after the code had expired';
  await page.getByRole('button', { name: 'Refund…' }).click();
  await page.getByLabel('Why: Refund').fill(reason);
  const confirmation = page.getByRole('dialog', { name: 'Refund: this moves money' });
  // A part is offered; this operator thinks better of it.
  await page.getByLabel('How much of ¥1,200').fill('500');
  await page.getByRole('button', { name: 'Refund', exact: true }).click();
  await confirmation.getByText('¥500 of ¥1,200 is refunded to the customer').waitFor();
  await confirmation.getByRole('button', { name: 'Change nothing' }).click();
  await page.getByLabel('How much of ¥1,200').fill('');
  await page.getByRole('button', { name: 'Refund', exact: true }).click();
  await confirmation.getByText(/^¥1,200 of payment .* is refunded to the customer\.$/).waitFor();
  await confirmation.getByRole('button', { name: 'Yes: Refund' }).click();
  await confirmation.waitFor({ state: 'detached' });
  await page.getByText(/Resolved \d+s ago: /).waitFor();
  const audit = page.getByRole('list', { name: 'Audit' });
  const asked = audit.getByRole('listitem').filter({ hasText: 'Refund: asked for' });
  await asked.getByText(`by ${operator.email}`).waitFor();
  await asked.getByText(reason).first().waitFor();
  await audit.getByText('Refund: done.').waitFor();
  await page.context().close();
});

test('an operator ends a silence from the list of those in force, with a reason', async () => {
  const reason = `maintenance ${world.run}`;
  const { response } = await world.ops.api.POST('/api/silences', {
    params: { header: keyed(`silence-${world.run}`) },
    body: { rule: 'RULE_D', until: systemClock.now() + 3_600_000, reason },
  });
  expect(response.status).toBe(202);
  const page = await openSignedIn(operator.email, '/alerts');
  await page.getByText('in force').click();
  const entry = page
    .getByRole('list', { name: 'Silences' })
    .getByRole('listitem')
    .filter({ hasText: `by ${operator.email}: ${reason}` });
  await entry.getByText('Rule D on every order').waitFor();
  await entry.getByRole('button', { name: 'End…' }).click();
  await entry.getByLabel('Why it ends before its time').fill('the maintenance was short');
  await entry.getByRole('button', { name: 'End the silence' }).click();
  await page.getByText('Ended: Rule D on every order.').waitFor();
  await entry.waitFor({ state: 'detached' });
  await world.eventually('the end is told', async () => {
    const { data } = await world.ops.api.GET('/api/silences');
    const ended = data?.silences.find((known) => known.reason === reason);
    return ended?.endReason === 'the maintenance was short' ? ended : undefined;
  });
  await page.context().close();
});

test('an operator books a delivery and corrects it; what is not there is refused with the figure', async () => {
  const sku = `delivered-${world.run}`;
  const page = await openSignedIn(operator.email, '/stock');
  await page.getByRole('rowheader', { name: 'matcha-30g' }).waitFor();
  await page.getByLabel('A sku that is not in the list').fill(sku);
  await page.getByRole('button', { name: 'Open' }).click();
  await page.getByText('Nothing was ever booked of it.').waitFor();
  await page.getByRole('button', { name: 'Book a delivery…' }).click();
  await page.getByLabel('Pieces delivered').fill('500');
  await page.getByRole('button', { name: 'Book the delivery' }).click();
  await page.getByText('Nothing was ever booked of it.').waitFor({ state: 'detached' });
  const correct = async (pieces: string) => {
    await page.getByRole('button', { name: 'Correct…' }).click();
    await page.getByLabel('Pieces to add').fill(pieces);
    await page.getByLabel('Why the stock is corrected').fill('counted again');
  };
  await correct('-20');
  await page.getByLabel('What it would change').getByText('500 → 480').first().waitFor();
  await page.getByRole('button', { name: 'Correct the stock' }).click();
  const corrections = page.getByRole('list', { name: 'Corrections' }).getByRole('listitem');
  await corrections.filter({ hasText: '480 were available after it' }).waitFor();
  await correct('-481');
  await page.getByText('It would be refused: 480 are available').waitFor();
  await page.getByRole('button', { name: 'Correct the stock' }).click();
  await page.getByText(`480 of ${sku} are available and 0 reserved for open orders`).waitFor();
  expect(await corrections.count()).toBe(1);
  await page.context().close();
});

test("an operator sets a customer's spending limit from the order, with a reason", async () => {
  const { orderId } = await world.orderWithCode('limit-by-browser');
  const page = await openSignedIn(operator.email, `/orders/${orderId}`);
  await page.getByRole('link', { name: 'The customer’s spending limit' }).click();
  await page.getByRole('button', { name: 'Set the limit…' }).click();
  await page.getByLabel('New limit').fill('100');
  await page.getByText('¥1,200 are held and used already').waitFor();
  await page.getByLabel('Why the limit is changed').fill('a typing error');
  await page.getByRole('button', { name: 'Set the limit', exact: true }).click();
  await page.getByText('The limit is ¥100 now.').waitFor();
  const changes = page.getByRole('list', { name: 'Changes' }).getByRole('listitem');
  await changes.filter({ hasText: 'a typing error' }).waitFor();
  await page.context().close();
});

test('what somebody else changed meanwhile is shown, and nothing is done', async () => {
  const alertId = await latePayment('stale-by-browser');
  const page = await openSignedIn(operator.email, `/alerts/${alertId}`);
  await page.getByRole('button', { name: 'Acknowledge' }).waitFor();
  await world.ops.api.POST('/api/alerts/{alertId}/notes', {
    params: { path: { alertId }, header: keyed(`note-${world.run}`) },
    body: { note: 'I am calling the shopper' },
  });
  // As a page would send that has not heard of the note yet.
  await page.route('**/acknowledge', (route) =>
    route.continue({ postData: JSON.stringify({ expectedVersion: 1 }) }),
  );
  await world.eventually('the read models have the note', async () => {
    const detail = await world.ops.alert(alertId);
    return detail?.alert.version === 2 ? true : undefined;
  });
  await page.getByRole('button', { name: 'Acknowledge' }).click();
  await page.getByText('Somebody else changed it.').waitFor();
  await page.getByText('Note: I am calling the shopper').waitFor();
  expect((await world.ops.alert(alertId))?.alert.status).toBe('OPEN');
  await page.context().close();
});
