alter table notifications
  alter column order_id drop not null,            -- none for what was set aside
  alter column merchant_payment_id drop not null,
  alter column state drop not null,               -- null: a state that is not known here
  add column reason text;                         -- why it was set aside
create index notifications_by_time on notifications (logged_at desc, "partition", "offset" desc);
create index notifications_of_verdict
  on notifications (verdict, logged_at desc, "partition", "offset" desc);
