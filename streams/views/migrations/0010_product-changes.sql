-- Products as operators changed them: catalog.products.v1.
create table product_changes (
  event_id       text primary key,
  sku            text not null,
  version        bigint not null,       -- offset of the record
  name           text not null,
  name_ja        text not null,
  description    text not null,
  description_ja text not null,
  unit_price     bigint not null,       -- whole yen
  currency       text not null,
  image_url      text,
  active         boolean not null,
  actor          text not null,         -- empty: written before it was kept
  reason         text not null,         -- empty: none was given
  changed_at     timestamptz not null   -- log time
);
create index product_changes_of_sku on product_changes (sku, version desc);

alter table products add column version bigint not null default 0; -- offset of the newest record
