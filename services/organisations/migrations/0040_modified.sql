-- When an offering was last altered, as a reader of the directory that keeps a copy asks.
alter table offerings add column modified_at timestamptz not null default app_now();
