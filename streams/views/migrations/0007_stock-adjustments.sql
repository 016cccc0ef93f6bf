-- Corrections of stock that operators asked for, and what inventory made of them.
create table stock_adjustments (
  request_id   text primary key, -- eventId of the request
  sku          text,             -- inventory.requests.v1
  quantity     bigint,           -- inventory.requests.v1; signed
  reason       text,             -- inventory.requests.v1
  actor        text,             -- inventory.requests.v1
  requested_at timestamptz,      -- inventory.requests.v1; log time
  status       text              -- inventory.adjustments.v1; null: not decided yet
    check (status in ('ADJUSTED', 'REJECTED')),
  available    bigint,           -- inventory.adjustments.v1; after it, or against it
  reserved     bigint,           -- inventory.adjustments.v1
  decided_at   timestamptz       -- inventory.adjustments.v1; log time
);
create index stock_adjustments_of_sku on stock_adjustments (sku, requested_at desc);
