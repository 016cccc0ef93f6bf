-- Each column is written from one topic only, named in the margin, so that topics need no order
-- among each other. A row may therefore begin with the columns of any one of its topics: what
-- another topic fills in is nullable, or has a default that is right until then.

create table orders (
  order_id                text primary key,
  user_id                 text,         -- orders.events.v1
  status                  text          -- orders.events.v1
    check (status in ('PENDING', 'WAITING_PAYMENT', 'PAID', 'FAILED')),
  total_amount            bigint,       -- orders.events.v1; whole yen, once stock and funds are held
  currency                text,         -- orders.events.v1
  failure_reason          text,         -- orders.events.v1
  failure_detail          text,         -- orders.events.v1
  payment_id              text,         -- orders.events.v1; of the payment that made the order PAID
  paid_at                 timestamptz,  -- orders.events.v1
  cancellation_started_at timestamptz,  -- orders.events.v1
  refunded_at             timestamptz,  -- orders.events.v1; the last refund
  created_at              timestamptz,  -- orders.events.v1
  updated_at              timestamptz,  -- orders.events.v1; log time
  payment_status          text          -- payments.events.v1; the newest word on any attempt
    check (payment_status in ('CODE_ISSUED', 'SUCCEEDED', 'FAILED', 'EXPIRED', 'REFUNDED')),
  funds_status            text          -- accounts.events.v1
    check (funds_status in ('HELD', 'REJECTED', 'CAPTURED', 'RELEASED', 'RETURNED')),
  funds_reason            text          -- accounts.events.v1; why the hold was rejected
);
create index orders_of_user on orders (user_id, created_at desc);
create index orders_newest on orders (created_at desc);

create table order_items (
  order_id     text not null,
  sku          text not null,
  line         integer,  -- orders.events.v1; place in the order, from 1
  quantity     integer,  -- orders.events.v1
  unit_price   bigint,   -- orders.events.v1; whole yen, once known
  stock_status text      -- inventory.events.v1
    check (stock_status in ('RESERVED', 'REJECTED', 'CONFIRMED', 'RELEASED', 'RETURNED')),
  stock_reason text,     -- inventory.events.v1; why the reservation was rejected
  primary key (order_id, sku)
);

-- The timeline of an order: every record with an orderId, whichever topic it stands on.
create table order_events (
  topic          text not null,
  "partition"    integer not null,
  "offset"       bigint not null,
  order_id       text not null,
  event_id       text not null,
  type           text not null,
  causation_id   text not null,
  occurred_at    timestamptz not null,
  logged_at      timestamptz not null,  -- log-append time
  payload        jsonb not null,        -- the whole event, fields as in its schema
  primary key (topic, "partition", "offset")
);
create index order_events_of_order on order_events (order_id, logged_at, topic, "partition", "offset");

-- One row per attempt to be paid: each has a code, a state and an id of its own at PayPay.
create table payments (                    -- payments.events.v1
  merchant_payment_id text primary key,
  order_id            text not null,
  attempt             integer,
  status              text not null
    check (status in ('CODE_ISSUED', 'SUCCEEDED', 'FAILED', 'EXPIRED', 'REFUNDED')),
  code_id             text,
  code_url            text,                -- what the QR shows
  deeplink            text,
  amount              bigint,              -- whole yen to pay
  currency            text,
  expires_at          timestamptz,
  payment_id          text,                -- PayPay's
  paid_amount         bigint,              -- whole yen that PayPay took
  paid_currency       text,
  paid_at             timestamptz,
  settled_by          text,
  failure_reason      text,
  failure_detail      text,
  failed_at           timestamptz,         -- when PayPay said so
  expired_at          timestamptz,
  updated_at          timestamptz not null -- log time
);
create index payments_of_order on payments (order_id, attempt);

-- One row per fact about a refund; an order's refunded amount is the sum of those completed.
create table refunds (                     -- payments.events.v1
  event_id            text primary key,
  order_id            text not null,
  merchant_payment_id text not null,
  payment_id          text not null,
  merchant_refund_id  text,                -- null when nobody here asked for it
  status              text not null check (status in ('COMPLETED', 'FAILED')),
  amount              bigint not null,
  currency            text not null,
  requested_here      boolean not null,
  error_code          text,
  detail              text,
  logged_at           timestamptz not null
);
create index refunds_of_order on refunds (order_id, logged_at);

-- Webhooks as they came in, taken at their word: claims, not facts.
create table notifications (               -- payments.notifications.v1
  "partition"         integer not null,
  "offset"            bigint not null,
  event_id            text not null,
  order_id            text not null,
  merchant_payment_id text not null,
  payment_id          text,
  state               text not null,
  amount              bigint,
  paid_at             timestamptz,
  verdict             text not null,
  source_address      text not null,
  received_at         timestamptz not null,
  body                text not null,
  logged_at           timestamptz not null,
  primary key ("partition", "offset")
);
create index notifications_of_order on notifications (order_id, logged_at);

-- Tables of compacted topics keep the partition that a row comes from: when the reader was away for
-- so long that tombstones may be gone, that partition's rows are dropped and read again.

create table stock (                       -- inventory.levels.v1
  sku              text primary key,
  total            bigint not null,
  available        bigint not null,
  reserved         bigint not null,
  sold             bigint not null,
  updated_at       timestamptz not null,   -- log time
  source_partition integer not null
);

create table accounts (                    -- accounts.balances.v1
  user_id          text primary key,
  spending_limit   bigint not null,        -- whole yen; = available + held + used
  available        bigint not null,
  held             bigint not null,
  used             bigint not null,
  currency         text not null,
  updated_at       timestamptz not null,   -- log time
  source_partition integer not null
);

create table products (                    -- catalog.products.v1
  sku              text primary key,
  name             text not null,
  name_ja          text not null,
  description      text not null,
  description_ja   text not null,
  unit_price       bigint not null,        -- whole yen
  currency         text not null,
  image_url        text,
  active           boolean not null,
  updated_at       timestamptz not null,   -- log time
  source_partition integer not null
);

create table silences (                    -- alerts.silences.v1
  silence_id       text primary key,
  rule             text,                   -- null matches every rule
  order_id         text,                   -- null matches every order
  until            timestamptz not null,
  author           text not null,
  reason           text not null,
  updated_at       timestamptz not null,   -- log time
  source_partition integer not null
);

create table conditions (                  -- alerts.conditions.v1
  condition        text primary key,
  active           boolean not null,
  since            timestamptz not null,
  detail           text not null,
  updated_at       timestamptz not null,   -- log time
  source_partition integer not null
);

create table alerts (
  alert_id          text primary key,
  order_id          text not null,                 -- either topic; the same in both
  rule              text,                          -- alerts.order_payment_inconsistency.v1
  severity          text,                          -- alerts.order_payment_inconsistency.v1
  detected_at       timestamptz,                   -- alerts.order_payment_inconsistency.v1
  deadline          timestamptz,                   -- alerts.order_payment_inconsistency.v1
  money_at_risk     bigint,                        -- alerts.order_payment_inconsistency.v1
  currency          text,                          -- alerts.order_payment_inconsistency.v1
  expected          text,                          -- alerts.order_payment_inconsistency.v1
  observed          text,                          -- alerts.order_payment_inconsistency.v1
  evidence          jsonb,                         -- alerts.order_payment_inconsistency.v1
  raised_at         timestamptz,                   -- alerts.order_payment_inconsistency.v1; log time
  status            text not null default 'OPEN'   -- alerts.lifecycle.v1
    check (status in ('OPEN', 'ACKNOWLEDGED', 'RESOLVED')),
  version           integer not null default 1,    -- alerts.lifecycle.v1
  repeat_count      integer not null default 1,    -- alerts.lifecycle.v1; times it was triggered
  owner             text,                          -- alerts.lifecycle.v1; who acknowledged it
  acknowledged_at   timestamptz,                   -- alerts.lifecycle.v1
  resolved_at       timestamptz,                   -- alerts.lifecycle.v1; null while it is open
  resolved_by       text,                          -- alerts.lifecycle.v1
  resolution_actor  text,                          -- alerts.lifecycle.v1
  resolution_detail text,                          -- alerts.lifecycle.v1
  action            text,                          -- alerts.lifecycle.v1; the last repair asked for
  action_status     text                           -- alerts.lifecycle.v1
    check (action_status in ('STARTED', 'SUCCEEDED', 'FAILED')),
  action_detail     text,                          -- alerts.lifecycle.v1
  updated_at        timestamptz                    -- alerts.lifecycle.v1; log time
);
create index alerts_newest on alerts (raised_at desc);
create index alerts_by_status on alerts (status, raised_at desc);
create index alerts_of_order on alerts (order_id);

-- What happened to an alert: AlertRaised and its lifecycle, refused commands included.
create table alert_events (   -- alerts.order_payment_inconsistency.v1, alerts.lifecycle.v1
  topic       text not null,
  "partition" integer not null,
  "offset"    bigint not null,
  alert_id    text not null,
  order_id    text not null,
  event_id    text not null,
  type        text not null,
  version     integer,        -- of the alert after this event; null when it did not change
  actor       text,           -- null when no person did it
  occurred_at timestamptz not null,
  logged_at   timestamptz not null,
  payload     jsonb not null,
  primary key (topic, "partition", "offset")
);
create index alert_events_of_alert on alert_events (alert_id, logged_at, topic, "offset");

-- dead-letters.v1, and what this reader itself could not take, whose app is 'views'.
create table dead_letters (
  event_id    text primary key, -- of the DeadLetter: the same record of the same app has the same
  app         text not null,
  topic       text not null,
  "partition" integer not null,
  "offset"    bigint not null,  -- -1: a timer, whose state stands on the changelog in topic
  key         bytea,
  value       bytea,            -- cut at a limit
  value_bytes bigint not null,  -- of the whole value
  headers     jsonb not null,   -- name to value in base64
  error_code  text not null,
  reason      text not null,
  occurred_at timestamptz not null,
  logged_at   timestamptz not null
);
create index dead_letters_newest on dead_letters (logged_at desc);

-- Where reading goes on: the only place where positions are kept. A row advances by
-- compare-and-set in the transaction that writes what it stands for.
create table view_offsets (
  topic        text not null,
  "partition"  integer not null,
  next_offset  bigint not null,
  committed_at timestamptz not null default now(),
  primary key (topic, "partition")
);

-- Which cluster the rows come from, and in which format they were written; one row.
create table view_meta (
  only_row       boolean primary key default true check (only_row),
  cluster_id     text not null,
  format_version integer not null,
  built_at       timestamptz not null default now()
);
