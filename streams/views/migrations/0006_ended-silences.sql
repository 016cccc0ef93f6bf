alter table silences
  add column event_id   text,        -- of the newest record: the silence, or its end
  add column ended_at   timestamptz, -- before its time; null: nobody ended it
  add column ended_by   text,
  add column end_reason text;
