-- What products are searched by: catalog.products.v1, through platform/search. The words are ours, not
-- a text search configuration's, so a search does not depend on the locale; lists of words are text
-- with spaces between them.
create extension if not exists pg_trgm;
create extension if not exists fuzzystrmatch;

alter table products
  add column search_lines      text not null default '', -- sku and names, folded, between line feeds
  add column search_name_words text not null default '', -- of sku and names
  add column search_words      text not null default '', -- of sku, names and descriptions
  add column search_grams      text not null default '', -- what a typo is compared with
  add column search_order      text not null default ''; -- folded English name

create index products_by_name_word on products
  using gin (array_to_tsvector(string_to_array(search_name_words, ' ')));
create index products_by_word on products
  using gin (array_to_tsvector(string_to_array(search_words, ' ')));
create index products_by_gram on products using gin (search_grams gin_trgm_ops);
create index products_in_order on products (search_order collate "C", sku collate "C") where active;
