-- Whether a stream may have anything parked, so that a listener asks only then.  A new position may.
-- Whatever parks sets it, so that nobody can forget to, and waits for the position's row, held by who clears it.

alter table positions add column some_parked boolean not null default true;

create function parking_is_noted() returns trigger language plpgsql as $$
begin
    update positions set some_parked = true where stream = new.stream;
    return null;
end $$;
create trigger parking_is_noted after insert or update of stream on parked
    for each row execute function parking_is_noted();
