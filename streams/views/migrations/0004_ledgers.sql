-- A refund is one row from its beginning to its end, by its own id; one that PayPay did not name keeps
-- the id of the event that told of it.
delete from refunds older using refunds newer
  where older.merchant_refund_id = newer.merchant_refund_id
    and (older.logged_at, older.event_id) < (newer.logged_at, newer.event_id);
alter table refunds rename column event_id to refund_id;
update refunds set refund_id = merchant_refund_id where merchant_refund_id is not null;
alter table refunds
  add column reported_status text,           -- PayPay's own word, while it has not ended
  drop constraint refunds_status_check,
  add constraint refunds_status_check check (status in ('PENDING', 'COMPLETED', 'FAILED'));
create index refunds_of_payment on refunds (merchant_payment_id, logged_at);

-- What a payment is after refunds is told by its refunds, no longer by a word of its own.
update payments set status = 'SUCCEEDED' where status = 'REFUNDED';
update orders set payment_status = 'SUCCEEDED' where payment_status = 'REFUNDED';

-- What PayPay took, what went back, and what is about to; all statuses of a payment derive from it.
create view payment_ledgers as
  select p.*, r.refunded_amount, r.refund_pending_amount,
    case
      when p.status <> 'SUCCEEDED' then p.status
      when p.paid_amount <= r.refunded_amount then 'REFUNDED'
      when r.refund_pending_amount > 0 then 'REFUND_PENDING'
      when r.refunded_amount > 0 then 'PARTIALLY_REFUNDED'
      else p.status
    end as ledger_status
  from payments p
  cross join lateral (
    select
      coalesce(sum(amount) filter (where status = 'COMPLETED'), 0)::bigint as refunded_amount,
      coalesce(sum(amount) filter (where status = 'PENDING'), 0)::bigint as refund_pending_amount
    from refunds where merchant_payment_id = p.merchant_payment_id
  ) r;

alter table alerts
  drop constraint alerts_action_status_check,
  add constraint alerts_action_status_check
    check (action_status in ('STARTED', 'PENDING', 'SUCCEEDED', 'FAILED')),
  add column money_left_at_risk bigint,      -- alerts.lifecycle.v1, once a part of it went back
  add column observed_since text;            -- alerts.lifecycle.v1, with it
