/** Every action of an operator, from the alert through all apps and back to the alert. */
import type { EventOf } from '../../../schemas/event';
import { inventoryDefaults } from '../../../streams/inventory/settings';
import { inventoryApp } from '../../../streams/inventory/topology';
import { ordersDefaults } from '../../../streams/orders/settings';
import { ordersApp } from '../../../streams/orders/topology';
import { paymentsDefaults } from '../../../streams/payments/settings';
import type { StreamApp } from '../../../streams/runtime/app';
import { alertsActionResults, alertsLifecycle, alertsRaised } from '../../../topics/alerts';
import { FREE, OPERATOR, RESERVED, SOLD, Shop, TOTAL, merchantPaymentIdOf } from './shop';

const MINUTE_MS = 60_000;
const { lifetimeMs } = paymentsDefaults;

/** An app that cannot take the first record of a type: it becomes a dead letter. */
function missing(app: StreamApp, type: string): StreamApp {
  let isFirst = true;
  return {
    ...app,
    handle(event, context) {
      if (event.type === type && isFirst) {
        isFirst = false;
        context.reject('MISSED', `${type} was not taken`);
      }
      app.handle(event, context);
    },
  };
}

/** The saga ends well, and PayPay takes the money back. */
async function contradictedOrder(shop: Shop): Promise<EventOf<'AlertRaised'>> {
  await shop.order();
  await shop.pay();
  await shop.advance(MINUTE_MS - 1_000);
  shop.paypay.say(merchantPaymentIdOf(1), 'CANCELED');
  await shop.advance(2_000);
  return shop.alert('RULE_B');
}

/** The order expires, and the shopper pays all the same. */
async function latePayment(shop: Shop): Promise<EventOf<'AlertRaised'>> {
  await shop.order();
  await shop.advance(lifetimeMs + 2_000);
  await shop.pay();
  return shop.alert('RULE_C');
}

/** The first code's outcome was lost, so there were two codes, and both were paid. */
async function doublePayment(shop: Shop): Promise<EventOf<'AlertRaised'>> {
  shop.paypay.losesNextCode = true;
  await shop.order();
  await shop.advance(3_000);
  await shop.pay(TOTAL, 2);
  await shop.pay(TOTAL, 1);
  await shop.advance(2_000);
  return shop.alert('RULE_D');
}

async function wrongAmount(shop: Shop): Promise<EventOf<'AlertRaised'>> {
  await shop.order();
  await shop.pay(TOTAL - 100);
  return shop.alert('RULE_E');
}

function typesOf(shop: Shop, alert: EventOf<'AlertRaised'>): readonly string[] {
  return shop.history(alert).map(({ type }) => type);
}

/** No event of any alert was written twice, and its versions count up one by one. */
function expectWholeAudit(shop: Shop): void {
  const events = shop.driver.events(alertsLifecycle);
  expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length);
  for (const alertId of new Set(events.map((event) => event.alertId))) {
    const versions = events
      .filter((event) => event.alertId === alertId)
      .flatMap((event) => ('version' in event ? [event.version] : []));
    expect(versions).toEqual(versions.map((_, index) => index + 2));
  }
}

describe('REFUND', () => {
  test('a second payment is refunded from its alert', async () => {
    const shop = await Shop.open();
    const alert = await doublePayment(shop);
    await shop.act(alert, 'REFUND');
    expect(shop.paymentEvents().filter(({ type }) => type === 'PaymentRefunded')).toMatchObject([
      { merchantPaymentId: merchantPaymentIdOf(1), amount: TOTAL, requestedHere: true },
    ]);
    expect(shop.history(alert)).toMatchObject([
      {
        type: 'AlertActionStarted',
        actor: OPERATOR,
        reason: 'to make it right',
        idempotencyKey: 'key-1',
        payments: [{ merchantPaymentId: merchantPaymentIdOf(1), amount: TOTAL }],
      },
      { type: 'AlertResolved', resolvedBy: 'FACTS' },
      { type: 'AlertActionSucceeded', action: 'REFUND', actor: OPERATOR },
    ]);
    expect(shop.orderEvents()).toContain('OrderRefunded');
    expect(shop.holdings()).toEqual(SOLD);
    expectWholeAudit(shop);
  });

  test('of money for a FAILED order resolves rule C', async () => {
    const shop = await Shop.open();
    const alert = await latePayment(shop);
    expect(shop.holdings()).toEqual(FREE);
    await shop.act(alert, 'REFUND');
    expect(typesOf(shop, alert)).toEqual([
      'AlertActionStarted',
      'AlertResolved',
      'AlertActionSucceeded',
    ]);
    expect(shop.paypay.refunded).toHaveLength(1);
  });

  test('of a wrong amount ends the order that waited for the right one', async () => {
    const shop = await Shop.open();
    const alert = await wrongAmount(shop);
    expect(shop.holdings()).toEqual(RESERVED);
    await shop.act(alert, 'REFUND');
    expect(typesOf(shop, alert)).toContain('AlertResolved');
    expect(shop.orderEvents()).toContain('OrderFailed');
    expect(shop.holdings()).toEqual(FREE);
  });

  test('of what was paid too much leaves the right amount, which is then accepted', async () => {
    const shop = await Shop.open();
    await shop.order();
    await shop.pay(TOTAL + 100);
    const alert = shop.alert('RULE_E');
    await shop.act(alert, 'REFUND', 100);
    expect(shop.paymentEvents().filter(({ type }) => type === 'PaymentRefunded')).toMatchObject([
      { amount: 100, requestedHere: true },
    ]);
    expect(typesOf(shop, alert)).toEqual([
      'AlertActionStarted',
      'AlertMoneyAtRiskChanged',
      'AlertActionSucceeded',
    ]);
    expect(shop.holdings()).toEqual(RESERVED);
    await shop.act(alert, 'ACCEPT_AMOUNT');
    expect(typesOf(shop, alert)).toContain('AlertResolved');
    expect(shop.orderEvents()).toContain('OrderPaid');
    expect(shop.holdings()).toEqual(SOLD);
    await shop.advance(MINUTE_MS);
    expect(shop.driver.events(alertsRaised).map(({ rule }) => rule)).toEqual(['RULE_E']);
    expectWholeAudit(shop);
  });

  test('that PayPay refuses comes back as a failure and as an alert of its own', async () => {
    const shop = await Shop.open();
    const alert = await latePayment(shop);
    shop.paypay.refunds = 'refused';
    await shop.act(alert, 'REFUND');
    expect(shop.history(alert)).toMatchObject([
      { type: 'AlertActionStarted' },
      { type: 'AlertActionFailed', detail: 'PayPay refused the refund' },
    ]);
    const failure = shop.alert('RULE_F');
    expect(failure).toMatchObject({
      severity: 'P1',
      moneyAtRisk: TOTAL,
      observed: 'It failed: PayPay refused the refund',
      evidence: [{ topic: alertsActionResults.name, type: 'PaymentActionAnswered' }],
    });
    shop.paypay.refunds = 'completed';
    await shop.act(alert, 'REFUND');
    expect(typesOf(shop, alert)).toEqual([
      'AlertActionStarted',
      'AlertActionFailed',
      'AlertActionStarted',
      'AlertResolved',
      'AlertActionSucceeded',
    ]);
    expect(shop.history(failure)).toMatchObject([{ type: 'AlertResolved', resolvedBy: 'FACTS' }]);
    expectWholeAudit(shop);
  });

  test('whose outcome is unknown is asked for again until PayPay says', async () => {
    const shop = await Shop.open();
    const alert = await latePayment(shop);
    shop.paypay.refunds = 'unknown';
    await shop.act(alert, 'REFUND');
    shop.paypay.refunds = 'accepted';
    await shop.advance(10_000);
    expect(typesOf(shop, alert)).toEqual(['AlertActionStarted', 'AlertActionPending']);
    shop.paypay.refunds = 'completed';
    await shop.advance(10_000);
    expect(typesOf(shop, alert)).toEqual([
      'AlertActionStarted',
      'AlertActionPending',
      'AlertResolved',
    ]);
    expect(shop.paypay.refunded).toHaveLength(1);
  });

  test('that PayPay has taken on and then fails raises rule F, and a later one clears it', async () => {
    const shop = await Shop.open();
    const alert = await latePayment(shop);
    shop.paypay.refunds = 'accepted';
    await shop.act(alert, 'REFUND', 100);
    expect(typesOf(shop, alert)).toEqual(['AlertActionStarted', 'AlertActionPending']);
    shop.paypay.refunds = 'refused-later';
    await shop.advance(10_000);
    const failure = shop.alert('RULE_F');
    expect(failure).toMatchObject({
      moneyAtRisk: 100,
      expected: 'REFUND of ¥100',
      evidence: [{ type: 'PaymentRefundFailed' }],
    });
    shop.paypay.refunds = 'completed';
    await shop.act(alert, 'REFUND');
    expect(typesOf(shop, alert)).toContain('AlertResolved');
    expect(shop.history(failure)).toMatchObject([{ type: 'AlertResolved', resolvedBy: 'FACTS' }]);
    expectWholeAudit(shop);
  });

  test('of a part of a wrong amount that PayPay carries out later leaves the order as it is', async () => {
    const shop = await Shop.open();
    await shop.order();
    await shop.pay(TOTAL + 100);
    const alert = shop.alert('RULE_E');
    shop.paypay.refunds = 'accepted';
    await shop.act(alert, 'REFUND', 100);
    await shop.act(alert, 'ASK_PAYPAY');
    await shop.advance(MINUTE_MS);
    expect(shop.orderEvents()).not.toContain('OrderFailed');
    expect(shop.holdings()).toEqual(RESERVED);
    expect(shop.paymentEvents().filter(({ type }) => type === 'PaymentRefunded')).toEqual([]);
    shop.paypay.refunds = 'completed';
    await shop.advance(MINUTE_MS);
    await shop.act(alert, 'ACCEPT_AMOUNT');
    expect(shop.orderEvents()).toContain('OrderPaid');
    expect(shop.holdings()).toEqual(SOLD);
    expectWholeAudit(shop);
  });

  test('of a part that is under way leaves the rest to be given back, and then nothing', async () => {
    const shop = await Shop.open();
    const alert = await latePayment(shop);
    shop.paypay.refunds = 'accepted';
    await shop.act(alert, 'REFUND', 100);
    await shop.act(alert, 'REFUND');
    shop.paypay.refunds = 'completed';
    await shop.advance(10_000);
    const refunds = shop.paymentEvents().filter(({ type }) => type === 'PaymentRefunded');
    expect(refunds).toMatchObject([{ amount: 100 }, { amount: TOTAL - 100 }]);
    expect(typesOf(shop, alert)).toContain('AlertResolved');
    expectWholeAudit(shop);
  });

  test('asked for on two alerts of one order gives each payment back once', async () => {
    const shop = await Shop.open();
    shop.paypay.losesNextCode = true;
    await shop.order();
    await shop.advance(lifetimeMs + 10_000);
    await shop.pay(TOTAL, 1);
    await shop.pay(TOTAL, 2);
    await shop.advance(2_000);
    const late = shop.alert('RULE_C');
    const twice = shop.alert('RULE_D');
    await shop.request(shop.command(late, 'REFUND'), shop.command(twice, 'REFUND'));
    expect(shop.paypay.refunded).toHaveLength(2);
    for (const alert of [late, twice]) {
      expect(typesOf(shop, alert)).toEqual(
        expect.arrayContaining(['AlertResolved', 'AlertActionSucceeded']),
      );
    }
    expectWholeAudit(shop);
  });
});

describe('ROLL_BACK', () => {
  test('takes stock and funds of a PAID order back and resolves rule B', async () => {
    const shop = await Shop.open();
    const alert = await contradictedOrder(shop);
    expect(shop.holdings()).toEqual(SOLD);
    await shop.act(alert, 'ROLL_BACK');
    expect(shop.holdings()).toEqual(FREE);
    expect(shop.orderEvents()).toEqual([
      'OrderCreated',
      'OrderWaitingPayment',
      'OrderPaid',
      'OrderPaymentRecorded',
      'OrderRolledBack',
    ]);
    expect(shop.history(alert)).toMatchObject([
      { type: 'AlertActionStarted' },
      { type: 'AlertActionSucceeded', detail: 'stock and funds are available again' },
      { type: 'AlertResolved', resolvedBy: 'OPERATOR', actor: OPERATOR },
    ]);
    expectWholeAudit(shop);
  });

  test('asked for again after the alert was reopened returns nothing twice', async () => {
    const shop = await Shop.open();
    const alert = await contradictedOrder(shop);
    await shop.act(alert, 'ROLL_BACK');
    await shop.reopen(alert);
    await shop.act(alert, 'ROLL_BACK');
    expect(shop.holdings()).toEqual(FREE);
    expect(shop.orderEvents().filter((type) => type === 'OrderRolledBack')).toHaveLength(1);
    expect(shop.history(alert).slice(-2)).toMatchObject([
      { type: 'AlertActionSucceeded', detail: 'it had been rolled back' },
      { type: 'AlertResolved' },
    ]);
  });

  test('that inventory does not carry out in time fails, raises an alert, and goes on when asked again', async () => {
    const inventory = missing(inventoryApp(inventoryDefaults), 'StockReturnRequested');
    const shop = await Shop.open({ inventory });
    const alert = await contradictedOrder(shop);
    await shop.act(alert, 'ROLL_BACK');
    await shop.advance(ordersDefaults.rollBackDeadlineMs + 1_000);
    expect(shop.history(alert).slice(-1)).toMatchObject([
      { type: 'AlertActionFailed', detail: 'not returned in time: a' },
    ]);
    const failure = shop.alert('RULE_F');
    await shop.act(alert, 'ROLL_BACK');
    expect(shop.holdings()).toEqual(FREE);
    expect(typesOf(shop, alert).slice(-2)).toEqual(['AlertActionSucceeded', 'AlertResolved']);
    expect(typesOf(shop, failure)).toEqual(['AlertResolved']);
  });

  test('a payment that stands again after the order was rolled back raises rule F', async () => {
    const shop = await Shop.open();
    await shop.act(await contradictedOrder(shop), 'ROLL_BACK');
    shop.paypay.say(merchantPaymentIdOf(1), 'COMPLETED');
    await shop.notify();
    expect(shop.alert('RULE_F')).toMatchObject({
      moneyAtRisk: TOTAL,
      evidence: [{ type: 'OrderPaid' }, { type: 'PaymentSucceeded' }],
    });
    await shop.notify();
    expect(shop.raised('RULE_F')).toHaveLength(1);
    expectWholeAudit(shop);
  });

  test('whose alert the facts resolve meanwhile still puts its outcome on it', async () => {
    const inventory = missing(inventoryApp(inventoryDefaults), 'StockReturnRequested');
    const shop = await Shop.open({ inventory });
    const alert = await contradictedOrder(shop);
    await shop.act(alert, 'ROLL_BACK');
    shop.paypay.say(merchantPaymentIdOf(1), 'COMPLETED');
    await shop.notify();
    await shop.advance(ordersDefaults.rollBackDeadlineMs + 1_000);
    expect(shop.history(alert)).toMatchObject([
      { type: 'AlertActionStarted' },
      { type: 'AlertResolved', resolvedBy: 'FACTS' },
      { type: 'AlertActionFailed' },
    ]);
    expect(shop.alert('RULE_F')).toMatchObject({ moneyAtRisk: TOTAL });
    expectWholeAudit(shop);
  });
});

describe('REDRIVE_ORDER', () => {
  test('takes up the payment that orders has missed, and the facts resolve rule A', async () => {
    const shop = await Shop.open({
      orders: missing(ordersApp(ordersDefaults), 'PaymentSucceeded'),
    });
    await shop.order();
    await shop.pay();
    await shop.advance(31_000);
    const alert = shop.alert('RULE_A');
    await shop.act(alert, 'REDRIVE_ORDER');
    expect(shop.orderEvents()).toContain('OrderPaid');
    expect(shop.holdings()).toEqual(SOLD);
    expect([...typesOf(shop, alert)].sort()).toEqual([
      'AlertActionStarted',
      'AlertActionSucceeded',
      'AlertResolved',
    ]);
    expectWholeAudit(shop);
  });
});

describe('ACCEPT_AMOUNT', () => {
  test('makes the order PAID with what was paid and resolves rule E', async () => {
    const shop = await Shop.open();
    const alert = await wrongAmount(shop);
    await shop.act(alert, 'ACCEPT_AMOUNT');
    expect(shop.orderEvents()).toContain('OrderPaid');
    expect(shop.holdings()).toEqual(SOLD);
    expect(shop.history(alert).slice(-1)).toMatchObject([
      { type: 'AlertResolved', resolvedBy: 'OPERATOR', actor: OPERATOR },
    ]);
    await shop.advance(2 * MINUTE_MS);
    expect(shop.raised('RULE_A')).toEqual([]);
    expect(shop.raised('RULE_B')).toEqual([]);
  });
});

describe('ASK_PAYPAY', () => {
  test('finds the payment that PayPay has confirmed again, which resolves rule B', async () => {
    const shop = await Shop.open();
    const alert = await contradictedOrder(shop);
    shop.paypay.say(merchantPaymentIdOf(1), 'COMPLETED');
    await shop.act(alert, 'ASK_PAYPAY');
    expect(shop.history(alert)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'AlertActionSucceeded',
          detail: 'PayPay says: attempt 1 COMPLETED',
        }),
        expect.objectContaining({ type: 'AlertResolved', resolvedBy: 'FACTS' }),
      ]),
    );
  });

  test('of a PayPay that is down fails at once, and is no compensation', async () => {
    const shop = await Shop.open();
    const alert = await contradictedOrder(shop);
    shop.paypay.isDown = true;
    await shop.act(alert, 'ASK_PAYPAY');
    expect(shop.history(alert)).toMatchObject([
      { type: 'AlertActionStarted' },
      { type: 'AlertActionFailed', detail: 'PayPay did not say: TIMEOUT: no answer' },
    ]);
    expect(shop.raised('RULE_F')).toEqual([]);
  });
});

describe('RELEASE', () => {
  test('gives back the stock of a FAILED order whose release was lost', async () => {
    const inventory = missing(inventoryApp(inventoryDefaults), 'StockReleaseRequested');
    const shop = await Shop.open({ inventory });
    const alert = await latePayment(shop);
    expect(shop.holdings()).toEqual([
      [8, 2, 0],
      [10, 0, 0],
      [0, 0],
    ]);
    await shop.act(alert, 'RELEASE');
    expect(shop.holdings()).toEqual(FREE);
    expect(typesOf(shop, alert)).toEqual(['AlertActionStarted', 'AlertActionSucceeded']);
  });
});

describe('any action', () => {
  test('asked for twice under one key is done once', async () => {
    const shop = await Shop.open();
    const alert = await latePayment(shop);
    const command = shop.command(alert, 'REFUND');
    await shop.request(command, command);
    await shop.request(command);
    expect(typesOf(shop, alert)).toEqual([
      'AlertActionStarted',
      'AlertResolved',
      'AlertActionSucceeded',
    ]);
    expect(shop.paypay.refunded).toHaveLength(1);
  });

  test('of two operators who saw the same version, the first is heard', async () => {
    const shop = await Shop.open();
    const alert = await wrongAmount(shop);
    await shop.request(shop.command(alert, 'ACCEPT_AMOUNT'), shop.command(alert, 'REFUND', 1));
    expect(shop.paypay.refunded).toEqual([]);
    expect(shop.history(alert)).toContainEqual(
      expect.objectContaining({ type: 'AlertCommandRefused', reason: 'STALE_VERSION' }),
    );
    expect(shop.orderEvents()).toContain('OrderPaid');
  });

  test.each(['kept', 'lost'] as const)(
    'goes on after a restart of every app with the store %s',
    async (store) => {
      const shop = await Shop.open();
      const alert = await latePayment(shop);
      shop.paypay.refunds = 'unknown';
      await shop.act(alert, 'REFUND');
      for (const app of ['orders', 'inventory', 'accounts', 'payments', 'alerts']) {
        await shop.driver.restart(app, { store });
      }
      shop.paypay.refunds = 'completed';
      await shop.advance(10_000);
      expect(typesOf(shop, alert)).toContain('AlertActionSucceeded');
      expect(shop.paypay.refunded).toHaveLength(1);
    },
  );
});
