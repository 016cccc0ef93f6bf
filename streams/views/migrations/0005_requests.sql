-- Every request that came with an Idempotency-Key, on whichever topic it stands; of those under one
-- key the first logged stands, and the others are conflicts. Requests logged before keys were marked
-- have no row.
create table requests (
  topic         text not null,
  "partition"   integer not null,
  "offset"      bigint not null,
  request_key   text not null,         -- of the user and the key
  fingerprint   text not null,         -- of what was asked
  event_id      text not null,
  logged_at     timestamptz not null,  -- log-append time
  primary key (topic, "partition", "offset")
);
create index requests_of_key
  on requests (request_key, logged_at, topic, "partition", "offset");
