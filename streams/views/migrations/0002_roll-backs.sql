alter table orders
  add column rolled_back_at timestamptz; -- orders.events.v1; stock and funds were returned
