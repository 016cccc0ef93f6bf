-- Spending limits as operators set them: accounts.requests.v1.
create table spending_limit_changes (
  event_id       text primary key,
  user_id        text not null,
  spending_limit bigint not null,       -- whole yen
  currency       text not null,
  reason         text not null,         -- empty: none was given
  actor          text not null,
  changed_at     timestamptz not null   -- log time
);
create index spending_limit_changes_of_user on spending_limit_changes (user_id, changed_at desc);
