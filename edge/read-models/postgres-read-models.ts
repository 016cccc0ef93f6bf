/** The read models as `streams/views` keeps them in Postgres. */
import type { OpsSnapshot, OrderSnapshot, Position } from '../contract/api-types';
import {
  selectAlert,
  selectAlertHead,
  selectAlertTook,
  selectAlerts,
  selectDeadLetters,
  selectRepairFacts,
  selectSilence,
  selectSilences,
  selectSurroundings,
  selectUnresolved,
} from './alert-queries';
import { selectCatalog, selectCatalogProduct, selectProductHistory } from './catalog-queries';
import type { Database, Query } from './database';
import { selectOrder, selectOrders, selectPayment, selectTimeline } from './order-queries';
import type { ReadModels } from './read-models';
import {
  selectSpendingLimitHistory,
  selectStockList,
  selectStockHistory,
} from './administration-queries';
import { selectAccount, selectProductPage, selectProducts } from './shop-queries';
import { selectWebhooks } from './webhook-queries';

export function postgresReadModels(database: Database): ReadModels {
  const { query } = database;
  return {
    order: (orderId) => selectOrder(query, orderId),
    orders: (filter) => selectOrders(query, filter),
    timeline: (orderId, topics) => selectTimeline(query, orderId, topics),
    payment: (orderId) => selectPayment(query, orderId),
    account: (userId) => selectAccount(query, userId),
    productPage: (page) => selectProductPage(query, page),
    products: (skus) => selectProducts(query, skus),
    catalogPage: (page) => selectCatalog(query, page),
    catalogProduct: (sku) => selectCatalogProduct(query, sku),
    productHistory: (sku, before) => selectProductHistory(query, sku, before),
    stockList: (page) => selectStockList(query, page),
    stockHistory: (sku, before) => selectStockHistory(query, sku, before),
    spendingLimitHistory: (userId, before) => selectSpendingLimitHistory(query, userId, before),
    alerts: (filter) => selectAlerts(query, filter),
    unresolvedAlerts: () => selectUnresolved(query),
    alert: (alertId) => selectAlert(query, alertId),
    alertHead: (alertId) => selectAlertHead(query, alertId),
    alertTook: (alertId, requestId) => selectAlertTook(query, alertId, requestId),
    repairFacts: (orderId) => database.snapshot((moment) => selectRepairFacts(moment, orderId)),
    surroundings: (now) => selectSurroundings(query, now),
    silences: (filter) => selectSilences(query, filter),
    silence: (silenceId) => selectSilence(query, silenceId),
    deadLetters: (filter) => selectDeadLetters(query, filter),
    webhooks: (filter) => selectWebhooks(query, filter),
    requestFingerprint: (requestKey) => selectFingerprint(query, requestKey),
    orderSnapshot: (orderId, topics) =>
      database.snapshot((moment) => selectOrderSnapshot(moment, orderId, topics)),
    opsSnapshot: (topics) => database.snapshot((moment) => selectOpsSnapshot(moment, topics)),
    positions: (topics) => selectPositions(query, topics),
    check: async () => {
      await query('select 1 from view_offsets limit 1');
    },
  };
}

async function selectFingerprint(query: Query, requestKey: string): Promise<string | undefined> {
  const [first] = await query<{ fingerprint: string }>(
    `select fingerprint from requests where request_key = $1
    order by logged_at, topic, "partition", "offset" limit 1`,
    [requestKey],
  );
  return first?.fingerprint;
}

async function selectOrderSnapshot(
  query: Query,
  orderId: string,
  topics: readonly string[],
): Promise<OrderSnapshot> {
  return {
    kind: 'order',
    order: (await selectOrder(query, orderId)) ?? null,
    payment: (await selectPayment(query, orderId)) ?? null,
    timeline: await selectTimeline(query, orderId, topics),
    positions: await selectPositions(query, topics),
  };
}

async function selectOpsSnapshot(query: Query, topics: readonly string[]): Promise<OpsSnapshot> {
  const { alerts, total, moneyAtRisk } = await selectAlerts(query, {});
  return {
    kind: 'ops',
    alerts,
    total,
    moneyAtRisk,
    positions: await selectPositions(query, topics),
  };
}

function selectPositions(query: Query, topics: readonly string[]): Promise<readonly Position[]> {
  return query<Position>(
    `select topic, "partition", next_offset as "nextOffset"
    from view_offsets where topic = any($1) order by topic, "partition"`,
    [topics],
  );
}
