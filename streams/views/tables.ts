/** Every table that the projections write, with the columns of migrations/. */
import { defineTable } from './table';

export const orders = defineTable({
  name: 'orders',
  key: ['order_id'],
  columns: {
    order_id: 'text',
    user_id: 'text',
    status: 'text',
    total_amount: 'bigint',
    currency: 'text',
    failure_reason: 'text',
    failure_detail: 'text',
    payment_id: 'text',
    paid_at: 'timestamptz',
    cancellation_started_at: 'timestamptz',
    refunded_at: 'timestamptz',
    rolled_back_at: 'timestamptz',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    payment_status: 'text',
    funds_status: 'text',
    funds_reason: 'text',
  },
});

export const orderItems = defineTable({
  name: 'order_items',
  key: ['order_id', 'sku'],
  columns: {
    order_id: 'text',
    sku: 'text',
    line: 'integer',
    quantity: 'integer',
    unit_price: 'bigint',
    stock_status: 'text',
    stock_reason: 'text',
  },
});

export const orderEvents = defineTable({
  name: 'order_events',
  key: ['topic', 'partition', 'offset'],
  columns: {
    topic: 'text',
    partition: 'integer',
    offset: 'bigint',
    order_id: 'text',
    event_id: 'text',
    type: 'text',
    causation_id: 'text',
    occurred_at: 'timestamptz',
    logged_at: 'timestamptz',
    payload: 'jsonb',
  },
});

export const payments = defineTable({
  name: 'payments',
  key: ['merchant_payment_id'],
  columns: {
    merchant_payment_id: 'text',
    order_id: 'text',
    attempt: 'integer',
    status: 'text',
    code_id: 'text',
    code_url: 'text',
    deeplink: 'text',
    amount: 'bigint',
    currency: 'text',
    expires_at: 'timestamptz',
    payment_id: 'text',
    paid_amount: 'bigint',
    paid_currency: 'text',
    paid_at: 'timestamptz',
    settled_by: 'text',
    failure_reason: 'text',
    failure_detail: 'text',
    failed_at: 'timestamptz',
    expired_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
});

export const refunds = defineTable({
  name: 'refunds',
  key: ['refund_id'],
  columns: {
    refund_id: 'text',
    order_id: 'text',
    merchant_payment_id: 'text',
    payment_id: 'text',
    merchant_refund_id: 'text',
    status: 'text',
    amount: 'bigint',
    currency: 'text',
    requested_here: 'boolean',
    reported_status: 'text',
    error_code: 'text',
    detail: 'text',
    logged_at: 'timestamptz',
  },
});

export const notifications = defineTable({
  name: 'notifications',
  key: ['partition', 'offset'],
  columns: {
    partition: 'integer',
    offset: 'bigint',
    event_id: 'text',
    order_id: 'text',
    merchant_payment_id: 'text',
    payment_id: 'text',
    state: 'text',
    amount: 'bigint',
    paid_at: 'timestamptz',
    verdict: 'text',
    source_address: 'text',
    received_at: 'timestamptz',
    body: 'text',
    reason: 'text',
    logged_at: 'timestamptz',
  },
});

export const stock = defineTable({
  name: 'stock',
  key: ['sku'],
  columns: {
    sku: 'text',
    total: 'bigint',
    available: 'bigint',
    reserved: 'bigint',
    sold: 'bigint',
    updated_at: 'timestamptz',
    source_partition: 'integer',
  },
});

export const stockAdjustments = defineTable({
  name: 'stock_adjustments',
  key: ['request_id'],
  columns: {
    request_id: 'text',
    sku: 'text',
    quantity: 'bigint',
    reason: 'text',
    actor: 'text',
    requested_at: 'timestamptz',
    status: 'text',
    available: 'bigint',
    reserved: 'bigint',
    decided_at: 'timestamptz',
  },
});

export const accounts = defineTable({
  name: 'accounts',
  key: ['user_id'],
  columns: {
    user_id: 'text',
    spending_limit: 'bigint',
    available: 'bigint',
    held: 'bigint',
    used: 'bigint',
    currency: 'text',
    updated_at: 'timestamptz',
    source_partition: 'integer',
  },
});

export const spendingLimitChanges = defineTable({
  name: 'spending_limit_changes',
  key: ['event_id'],
  columns: {
    event_id: 'text',
    user_id: 'text',
    spending_limit: 'bigint',
    currency: 'text',
    reason: 'text',
    actor: 'text',
    changed_at: 'timestamptz',
  },
});

export const products = defineTable({
  name: 'products',
  key: ['sku'],
  columns: {
    sku: 'text',
    name: 'text',
    name_ja: 'text',
    description: 'text',
    description_ja: 'text',
    unit_price: 'bigint',
    currency: 'text',
    image_url: 'text',
    active: 'boolean',
    updated_at: 'timestamptz',
    source_partition: 'integer',
    search_lines: 'text',
    search_name_words: 'text',
    search_words: 'text',
    search_grams: 'text',
    search_order: 'text',
    version: 'bigint',
  },
});

export const productChanges = defineTable({
  name: 'product_changes',
  key: ['event_id'],
  columns: {
    event_id: 'text',
    sku: 'text',
    version: 'bigint',
    name: 'text',
    name_ja: 'text',
    description: 'text',
    description_ja: 'text',
    unit_price: 'bigint',
    currency: 'text',
    image_url: 'text',
    active: 'boolean',
    actor: 'text',
    reason: 'text',
    changed_at: 'timestamptz',
  },
});

export const requests = defineTable({
  name: 'requests',
  key: ['topic', 'partition', 'offset'],
  columns: {
    topic: 'text',
    partition: 'integer',
    offset: 'bigint',
    request_key: 'text',
    fingerprint: 'text',
    event_id: 'text',
    logged_at: 'timestamptz',
  },
});

export const silences = defineTable({
  name: 'silences',
  key: ['silence_id'],
  columns: {
    silence_id: 'text',
    rule: 'text',
    order_id: 'text',
    until: 'timestamptz',
    author: 'text',
    reason: 'text',
    event_id: 'text',
    ended_at: 'timestamptz',
    ended_by: 'text',
    end_reason: 'text',
    updated_at: 'timestamptz',
    source_partition: 'integer',
  },
});

export const conditions = defineTable({
  name: 'conditions',
  key: ['condition'],
  columns: {
    condition: 'text',
    active: 'boolean',
    since: 'timestamptz',
    detail: 'text',
    updated_at: 'timestamptz',
    source_partition: 'integer',
  },
});

export const alerts = defineTable({
  name: 'alerts',
  key: ['alert_id'],
  columns: {
    alert_id: 'text',
    order_id: 'text',
    rule: 'text',
    severity: 'text',
    detected_at: 'timestamptz',
    deadline: 'timestamptz',
    money_at_risk: 'bigint',
    currency: 'text',
    expected: 'text',
    observed: 'text',
    evidence: 'jsonb',
    raised_at: 'timestamptz',
    status: 'text',
    version: 'integer',
    repeat_count: 'integer',
    owner: 'text',
    acknowledged_at: 'timestamptz',
    resolved_at: 'timestamptz',
    resolved_by: 'text',
    resolution_actor: 'text',
    resolution_detail: 'text',
    action: 'text',
    action_status: 'text',
    action_detail: 'text',
    money_left_at_risk: 'bigint',
    observed_since: 'text',
    updated_at: 'timestamptz',
  },
});

export const alertEvents = defineTable({
  name: 'alert_events',
  key: ['topic', 'partition', 'offset'],
  columns: {
    topic: 'text',
    partition: 'integer',
    offset: 'bigint',
    alert_id: 'text',
    order_id: 'text',
    event_id: 'text',
    type: 'text',
    version: 'integer',
    actor: 'text',
    occurred_at: 'timestamptz',
    logged_at: 'timestamptz',
    payload: 'jsonb',
  },
});

export const deadLetters = defineTable({
  name: 'dead_letters',
  key: ['event_id'],
  columns: {
    event_id: 'text',
    app: 'text',
    topic: 'text',
    partition: 'integer',
    offset: 'bigint',
    key: 'bytea',
    value: 'bytea',
    value_bytes: 'bigint',
    headers: 'jsonb',
    error_code: 'text',
    reason: 'text',
    occurred_at: 'timestamptz',
    logged_at: 'timestamptz',
  },
});
