/** The pages in a real Chromium, on the whole product: what happens shows without a reload. */
import { source as axeSource } from 'axe-core';
import { Kafka, logLevel } from 'kafkajs';
import type { Page } from 'playwright-core';
import budgets from '../../dashboard/budgets.json';
import { keyed } from '../../edge/contract/api-client';
import { seed } from '../../proof/scenarios/seed';
import { ruleC } from '../../proof/scenarios/stories/contradictions';
import { DEMO_PASSWORD, operator, shopper } from '../../local/pipeline/demo-people';
import { World } from '../../proof/scenarios/world';
import { waitUntil } from '../../local/services/readiness';
import { systemClock } from '../../platform/clock';
import { openBrowser, type RunningBrowser } from '../../proof/screenshots/browser';
import { ordersEvents } from '../../topics/orders';
import { openTransaction } from '../streams/runtime/kafka/kafka-fixture';
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
  const context = await chromium.browser.newContext({ locale: 'en-US' });
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
  const panel = page.getByRole('region', { name: 'What to do' });
  await panel.getByRole('button', { name: 'Acknowledge' }).waitFor();
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
  await panel.getByRole('button', { name: 'Acknowledge' }).click();
  await page.getByText('Somebody else changed it.').waitFor();
  await page.getByText('Note: I am calling the shopper').waitFor();
  expect((await world.ops.alert(alertId))?.alert.status).toBe('OPEN');
  await page.context().close();
});

/** WCAG 2.2 A and AA. */
const ALL_RULES = "['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']";
/** Those of them that look at colours; for the others a page in dark is the page in light. */
const COLOUR_RULES = "{ type: 'rule', values: ['color-contrast', 'link-in-text-block'] }";

/** What axe finds against the rules, each as its rule and where. */
async function axeFindings(page: Page, rules = ALL_RULES): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(`axe.run({ runOnly: ${rules} }).then(
    ({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => id + ' at ' + target.join(' ') + ': ' + failureSummary)))`);
}

const OPERATOR_PAGES = [
  '/alerts',
  '/alerts?group=incident',
  '/orders',
  '/topics',
  '/topics/orders.events.v1',
  '/dead-letters',
  '/status',
  '/webhook-log',
  '/products',
  '/products/matcha-30g',
  '/stock',
  '/limits',
];

function backgroundOf(page: Page): Promise<string> {
  return page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
}

test('axe finds nothing on the pages of an operator, in light and in dark', async () => {
  const alertId = await latePayment('looked-at-by-axe');
  const { orderId } = await world.orderWithCode('order-looked-at-by-axe');
  const page = await openSignedIn(operator.email, '/alerts');
  await page.getByRole('heading', { name: 'Alerts' }).waitFor();
  for (const path of [...OPERATOR_PAGES, `/alerts/${alertId}`, `/orders/${orderId}`]) {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.goto(`${product.running.edgeUrl}${path}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => undefined);
    const light = { findings: await axeFindings(page), background: await backgroundOf(page) };
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    const isDark = async () => (await backgroundOf(page)) !== light.background;
    expect(await waitUntil(isDark, { withinMs: SHOWN_WITHIN_MS })).toEqual({ kind: 'held' });
    const inDark = await axeFindings(page, COLOUR_RULES);
    expect({ path, inLight: light.findings, inDark }).toEqual({ path, inLight: [], inDark: [] });
  }
  await page.context().close();
});

test('axe finds nothing in the shop, nor where one signs in', async () => {
  const context = await chromium.browser.newContext({ locale: 'ja-JP' });
  const page = await context.newPage();
  page.setDefaultTimeout(SHOWN_WITHIN_MS);
  await page.goto(`${product.running.edgeUrl}/shop`);
  await page.getByLabel('メールアドレス').fill(shopper.email);
  expect(await axeFindings(page)).toEqual([]);
  await page.getByLabel('パスワード').fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'サインイン' }).click();
  for (const path of ['/shop', '/shop/matcha-30g', '/orders']) {
    await page.goto(`${product.running.edgeUrl}${path}`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => undefined);
    expect({ path, findings: await axeFindings(page) }).toEqual({ path, findings: [] });
  }
  await context.close();
});

test('a language that is chosen stays, and is the only one on the page', async () => {
  const page = await openSignedIn(shopper.email, '/shop');
  await page.getByRole('heading', { name: 'Shop', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Language' }).click();
  await page.getByRole('menuitemradio', { name: '日本語' }).click();
  await page.getByRole('heading', { name: 'ショップ', exact: true }).waitFor();
  await page.getByRole('link', { name: '抹茶 30g', exact: true }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'ショップ', exact: true }).waitFor();
  expect(await page.getByText('Ceremonial matcha').count()).toBe(0);
  expect(await page.locator('html').getAttribute('lang')).toBe('ja');
  await page.context().close();
});

test('what the page may shift and how long it may be busy is within the budget', async () => {
  const page = await openSignedIn(operator.email, '/alerts');
  await page.getByRole('list', { name: 'Alerts' }).waitFor();
  const seen = await page.evaluate<{
    readonly shift: number;
    readonly longest: number;
  }>(`new Promise((resolve) => {
    const seen = { shift: 0, longest: 0 };
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
      if (!entry.hadRecentInput) seen.shift += entry.value;
    })).observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
      seen.longest = Math.max(seen.longest, entry.duration);
    })).observe({ type: 'longtask', buffered: true });
    setTimeout(() => resolve(seen), 3_000);
  })`);
  expect(seen.shift).toBeLessThanOrEqual(budgets.layoutShiftMax);
  expect(seen.longest).toBeLessThanOrEqual(budgets.longestTaskMsMax);
  await page.context().close();
});

test('an operator ticks alerts and acknowledges them together', async () => {
  const first = await latePayment('ticked-first');
  const second = await latePayment('ticked-second');
  const page = await openSignedIn(operator.email, '/alerts?owner=nobody');
  for (const alertId of [first, second]) {
    await page.locator(`li[data-alert-id="${alertId}"]`).getByRole('checkbox').click();
  }
  const bar = page.getByRole('group', { name: 'Chosen alerts' });
  await bar.getByText('2 alerts chosen').waitFor();
  await bar.getByRole('button', { name: 'Acknowledge' }).click();
  await page.getByText('2 of 2 acknowledged.').waitFor();
  await world.eventually('both are acknowledged', async () => {
    const details = await Promise.all([first, second].map((alertId) => world.ops.alert(alertId)));
    const isDone = details.every((detail) => detail?.alert.owner === operator.email);
    return isDone ? true : undefined;
  });
  await page.context().close();
});

test('a shopper finds no way to the pages of operators, and is told so at their address', async () => {
  const page = await openSignedIn(shopper.email, '/alerts');
  await page.getByRole('heading', { name: 'For operators' }).waitFor();
  const pages = page.getByRole('navigation', { name: 'Pages' });
  expect(await pages.getByRole('link').allInnerTexts()).toEqual(['Shop', 'My orders']);
  await page.context().close();
});

test('filters stay in the address over a reload, and beside an alert that is opened by keyboard', async () => {
  const alertId = await latePayment('opened-by-keyboard');
  const page = await openSignedIn(operator.email, '/alerts?rule=RULE_C');
  await page.locator(`li[data-alert-id="${alertId}"]`).waitFor();
  await page.reload();
  expect(await page.getByLabel(/^Rule/).inputValue()).toBe('RULE_C');
  await page.locator(`li[data-alert-id="${alertId}"]`).waitFor();
  await page.locator(`li[data-alert-id="${alertId}"] a`).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Alert' }).getByText('Expected').first().waitFor();
  expect(page.url()).toContain(`/alerts/${alertId}?rule=RULE_C`);
  // The list stays beside it.
  await page.getByRole('list', { name: 'Alerts', exact: true }).waitFor();
  await page.context().close();
});

test('a topic shows an order’s messages by its key, decoded, and what differs between two', async () => {
  const { orderId } = await world.orderWithCode('looked-up-by-key');
  const page = await openSignedIn(operator.email, '/topics');
  await page.getByRole('link', { name: 'orders.events.v1' }).click();
  await page.getByLabel('Key', { exact: true }).fill(orderId);
  await page.getByRole('button', { name: 'Read', exact: true }).click();
  const messages = page.getByRole('list', { name: 'Messages' });
  // The newest of all keys stood there before.
  await messages.getByText('OrderWaitingPayment').nth(1).waitFor({ state: 'detached' });
  await messages.getByText('OrderWaitingPayment').waitFor();
  const compare = page.getByRole('button', { name: /^Compare: orders\.events\.v1-/ });
  await compare.nth(0).click();
  await compare.nth(1).click();
  const dialog = page.getByRole('dialog', { name: 'What differs between two messages' });
  await dialog.getByRole('rowheader', { name: 'value.eventId' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.context().close();
});

test('a topic shows a record that was given up only where that is asked for', async () => {
  const key = `given-up ${world.run}`;
  const kafka = new Kafka({
    brokers: product.running.brokers.split(','),
    logLevel: logLevel.NOTHING,
  });
  const value = Buffer.from('given up');
  const record = { topic: ordersEvents.name, partition: 0, key, value };
  await (await openTransaction(kafka, [record])).abort();
  const page = await openSignedIn(
    operator.email,
    `/topics/orders.events.v1?key=${encodeURIComponent(key)}`,
  );
  await page.getByText('No message of this key is among').waitFor();
  await page.getByRole('checkbox', { name: 'Open and aborted transactions too' }).click();
  const messages = page.getByRole('list', { name: 'Messages' });
  // In its line, and again in what the line opens to.
  await messages.getByText(key).first().waitFor();
  await messages.getByText('aborted', { exact: true }).waitFor();
  expect(page.url()).toContain('isolation=read_uncommitted');
  await page.context().close();
});

test('the health page says that the streams process is up, and of each app what it did', async () => {
  const page = await openSignedIn(operator.email, '/status');
  const processes = page.getByRole('region', { name: 'Streams processes' }).first();
  const address = new URL(product.running.streamsUrl).host;
  const process = processes.getByRole('rowheader').filter({ hasText: address });
  await process.getByText('up', { exact: true }).waitFor();
  const orders = processes.getByRole('row').filter({ hasText: 'Orders' });
  await orders.getByText('running').waitFor();
  await page.context().close();
});

test('an alert is silenced from its page, and its silence is ended there', async () => {
  const alertId = await latePayment('silenced-by-browser');
  const page = await openSignedIn(operator.email, `/alerts/${alertId}`);
  const reason = `the bank works on it ${world.run}`;
  const panel = page.getByRole('region', { name: 'What to do' });
  await panel.getByRole('button', { name: 'Silence…' }).click();
  await page.getByLabel('Why it is silenced').fill(reason);
  await page.getByRole('button', { name: 'Silence', exact: true }).click();
  const row = page.locator(`li[data-alert-id="${alertId}"]`);
  await row.and(page.locator('.is-quiet')).waitFor();
  await page.getByText(/silences? in force/).click();
  const entry = page.getByRole('list', { name: 'Silences' }).getByRole('listitem');
  await entry.filter({ hasText: reason }).getByRole('button', { name: 'End…' }).click();
  await page.getByLabel('Why it ends before its time').fill('they are done');
  await page.getByRole('button', { name: 'End the silence' }).click();
  await row.and(page.locator(':not(.is-quiet)')).waitFor();
  await page.context().close();
});

test('an operator refunds in two parts; only both together resolve the alert', async () => {
  const alertId = await latePayment('refund-in-two-parts-by-browser');
  const page = await openSignedIn(operator.email, `/alerts/${alertId}`);
  const refund = async (part: string, asked: RegExp) => {
    await page.getByRole('button', { name: 'Refund…' }).click();
    await page.getByLabel('Why: Refund').fill('paid after the code had expired');
    await page.getByLabel(/^How much of/).fill(part);
    await page.getByRole('button', { name: 'Refund', exact: true }).click();
    const confirmation = page.getByRole('dialog', { name: 'Refund: this moves money' });
    await confirmation.getByText(asked).waitFor();
    await confirmation.getByRole('button', { name: 'Yes: Refund' }).click();
    await confirmation.waitFor({ state: 'detached' });
  };
  await refund('500', /^¥500 of ¥1,200 is refunded/);
  await page.getByLabel('How much of ¥700').or(page.getByText('¥700')).first().waitFor();
  expect((await world.ops.alert(alertId))?.alert.status).not.toBe('RESOLVED');
  await refund('', /^¥700 of payment .* is refunded/);
  await page.getByText(/Resolved \d+s ago: /).waitFor();
  await page.context().close();
});

test('with nothing but a keyboard one signs in, finds an alert and takes it', async () => {
  const alertId = await latePayment('taken-by-keyboard');
  const context = await chromium.browser.newContext({ locale: 'en-US' });
  const page = await context.newPage();
  page.setDefaultTimeout(SHOWN_WITHIN_MS);
  await page.goto(`${product.running.edgeUrl}/alerts?owner=nobody`);
  await page.getByLabel('E-mail').and(page.locator(':focus')).waitFor();
  await page.keyboard.type(operator.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(DEMO_PASSWORD);
  await page.keyboard.press('Enter');
  const row = page.locator(`li[data-alert-id="${alertId}"]`);
  await row.waitFor();
  const rows = await page.locator('li[data-alert-id]').count();
  for (let presses = 0; presses < rows; presses += 1) {
    await page.keyboard.press('j');
    if ((await row.locator('a:focus').count()) === 1) break;
  }
  await page.keyboard.press('a');
  await world.eventually('the alert is acknowledged', async () => {
    const detail = await world.ops.alert(alertId);
    return detail?.alert.owner === operator.email ? true : undefined;
  });
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Alert', exact: true }).waitFor();
  expect(page.url()).toContain(alertId);
  await context.close();
});

test('an operator changes a price, and the history says from what to what, and why', async () => {
  const page = await openSignedIn(operator.email, '/products');
  await page.getByRole('link', { name: 'Tea strainer' }).click();
  await page.getByRole('button', { name: 'Change…' }).click();
  await page.getByLabel('Price of one, in yen').fill('650');
  await page.getByLabel('Why the product is changed').fill('steel is dearer');
  await page.getByRole('button', { name: 'Save the change' }).click();
  await page.getByText('It is in the history.').waitFor();
  const changes = page.getByRole('list', { name: 'Who changed what' }).getByRole('listitem');
  const change = changes.filter({ hasText: 'steel is dearer' });
  await change.getByText('600').waitFor();
  await change.getByText('650').waitFor();
  await page.context().close();
});

// The last one: it takes the edge away from everybody.
test('the edge is killed: the page says so, keeps what it has, and goes on by itself', async () => {
  const before = await latePayment('raised-before-a-kill');
  const page = await openSignedIn(operator.email, '/alerts');
  const row = (alertId: string) => page.locator(`li[data-alert-id="${alertId}"]`);
  await row(before).waitFor();
  await mark(page);
  const pid = product.edgePid();
  if (pid === undefined) throw new Error('there is no edge to kill');
  process.kill(pid, 'SIGKILL');
  const banner = page.getByText('Disconnected.');
  await banner.waitFor();
  expect(await row(before).count()).toBe(1);
  await banner.waitFor({ state: 'detached' });
  const after = await latePayment('raised-after-a-kill');
  await page.getByRole('button', { name: /^\d+ new$/ }).click();
  await row(after).waitFor();
  expect(await wasReloaded(page)).toBe(false);
  await page.context().close();
});
