-- What organisations have agreed on, and what they do under it.
-- An agreement that was written down before, or by a release that still runs, is a cooperation.

alter table agreements
    add column kind text not null default 'cooperation',
    add column activities text[] not null default '{}';
