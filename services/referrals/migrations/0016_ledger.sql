-- The ledger of consents and disclosures, and the chain that it and the access log are bound in.

-- One row for each row that was written to a record, and for each change of one: what it said, without
-- what is sealed.  Written by the records' own triggers, so that nobody can forget to, with their owner's
-- rights, so that the service's login can enter nothing that it has not done.
create table ledger (
    id uuid primary key default uuidv7(),
    position bigint generated always as identity,
    record text not null,
    key text not null,
    act text not null,
    from_organisation_id uuid not null,
    to_organisation_id uuid,
    at timestamptz not null,
    said jsonb,
    salt bytea default uuid_send(gen_random_uuid())
);
create index ledger_of_a_record on ledger (from_organisation_id, record, key, position);

alter table access_log
    add column salt bytea default uuid_send(gen_random_uuid()),
    alter column actor_id drop not null,
    alter column object_id drop not null;

-- What no chain holds yet; the worker empties it.  Ids and digests only, as in the chain: no tenant.
create table unchained (
    position bigint generated always as identity primary key,
    chain text not null,
    entry_id uuid not null,
    digest bytea not null
);

create table chain_links (
    chain text not null,
    number bigint not null check (number > 0),
    entry_id uuid not null,
    digest bytea not null,
    hash bytea not null,
    signature bytea,
    primary key (chain, number),
    unique (chain, entry_id)
);

create table chain_heads (
    chain text primary key,
    number bigint not null,
    hash bytea not null,
    signature bytea,
    check ((number = 0) = (signature is null))
);
insert into chain_heads (chain, number, hash)
select chain, 0, decode(repeat('00', 32), 'hex') from unnest(array['access_log', 'ledger']) as chain;

-- The last head that somebody of an organisation has fetched.
create table chain_witnesses (
    org_id uuid not null,
    chain text not null,
    number bigint not null,
    hash bytea not null,
    fetched_at timestamptz not null,
    primary key (org_id, chain)
);

-- A column that is added later is null in older rows, and so changes no digest.
create function digest_of_entry(entry jsonb, salt bytea) returns bytea language sql immutable
return sha256(salt || convert_to(jsonb_strip_nulls(entry - 'salt')::text, 'UTF8'));

create function is_to_be_chained() returns trigger language plpgsql security definer
    set search_path from current set timezone = 'UTC' as $$
begin
    insert into unchained (chain, entry_id, digest)
    select tg_table_name, added.id, digest_of_entry(to_jsonb(added), added.salt) from added;
    return null;
end $$;
create trigger is_to_be_chained after insert on ledger
    referencing new table as added for each statement execute function is_to_be_chained();
create trigger is_to_be_chained after insert on access_log
    referencing new table as added for each statement execute function is_to_be_chained();

-- Erasure takes the salt and what the trigger names, all of it, and nothing else changes anything; so far
-- nobody has the right to.
create function entry_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and tg_nargs > 0
        and jsonb_strip_nulls(to_jsonb(new)) = jsonb_strip_nulls(to_jsonb(old)) - 'salt' - tg_argv::text[]
    then
        return new;
    end if;
    raise exception '% is never changed, but for erasure', tg_table_name
        using errcode = 'insufficient_privilege';
end $$;
create trigger entry_is_kept before update or delete on ledger
    for each row execute function entry_is_kept('said');
create trigger entry_is_kept before update or delete on access_log
    for each row execute function entry_is_kept('actor_id', 'object_id');
create trigger entry_is_kept before update or delete on chain_links
    for each row execute function entry_is_kept();
create trigger is_not_emptied before truncate on ledger for each statement execute function entry_is_kept();
create trigger is_not_emptied before truncate on access_log
    for each statement execute function entry_is_kept();
create trigger is_not_emptied before truncate on chain_links
    for each statement execute function entry_is_kept();
create trigger is_kept before delete on chain_heads for each row execute function entry_is_kept();
create trigger is_not_emptied before truncate on chain_heads
    for each statement execute function entry_is_kept();

create function head_moves_forward() returns trigger language plpgsql as $$
begin
    if new.chain <> old.chain or new.number <= old.number then
        raise exception 'a chain only grows' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger head_moves_forward before update on chain_heads
    for each row execute function head_moves_forward();

-- What a record's row says, and the words for what was done to it.
create function entry_of(written jsonb) returns jsonb language sql immutable
return jsonb_strip_nulls(written - array['sealed', 'wrapped']);

create function key_of(written jsonb) returns text language sql immutable
return coalesce(written ->> 'id', (written ->> 'consent_id') || ':' || (written ->> 'version'));

create function act_on(record text, written jsonb) returns text language sql immutable
return case record
    when 'consents' then case
        when written ->> 'answer' = 'no' then 'refused'
        when written ? 'renews' then 'renewed'
        else 'given'
    end
    when 'consent_narrowings' then 'narrowed'
    when 'disclosures' then 'disclosed'
    when 'disclosure_locks' then 'locked'
    when 'disclosure_receipts' then 'answered'
end;

create function act_of(record text, changed jsonb) returns text language sql immutable
return case
    when changed ? 'ended_at' then 'ended'
    when changed ? 'locked_at' then 'closed'
    when changed ? 'to_team_id' then 'claimed'
    when changed ? 'consent_id' or changed ? 'processing_consent_id' then 'moved'
    else 'changed'
end;

-- A change of what the service itself may not change is nobody's act: it is not entered, and so it is found.
create function is_entered() returns trigger language plpgsql security definer
    set search_path from current set timezone = 'UTC' as $$
declare
    written jsonb := entry_of(to_jsonb(new));
    said jsonb := written;
begin
    if tg_op = 'UPDATE' then
        select jsonb_object_agg(one.key, one.value) into said
        from jsonb_each(written) one
        where one.value is distinct from to_jsonb(old) -> one.key
            and has_column_privilege('referrals', tg_relid, one.key, 'update');
    end if;
    if said is not null then
        insert into ledger (record, key, act, from_organisation_id, to_organisation_id, at, said)
        values (
            tg_table_name, key_of(written),
            case tg_op when 'INSERT' then act_on(tg_table_name, written) else act_of(tg_table_name, said) end,
            new.from_organisation_id, (written ->> 'to_organisation_id')::uuid, app_now(), said
        );
    end if;
    return null;
end $$;
create trigger is_entered after insert or update on consents for each row execute function is_entered();
create trigger is_entered after insert or update on consent_narrowings
    for each row execute function is_entered();
create trigger is_entered after insert or update on disclosures for each row execute function is_entered();
create trigger is_entered after insert or update on disclosure_locks
    for each row execute function is_entered();
create trigger is_entered after insert or update on disclosure_receipts
    for each row execute function is_entered();

create function end_stands() returns trigger language plpgsql as $$
begin
    raise exception 'what has ended stays ended' using errcode = 'insufficient_privilege';
end $$;
create trigger end_stands before update on consents for each row
    when (old.ended_at is not null and (new.ended_at, new.ended_how, new.ended_by)
        is distinct from (old.ended_at, old.ended_how, old.ended_by))
    execute function end_stands();
create trigger end_stands before update on disclosures for each row
    when (old.locked_at is not null and new.locked_at is distinct from old.locked_at)
    execute function end_stands();

-- What stood before the ledger began is its beginning.  For this the owner looks past the policies.
alter table consents no force row level security;
alter table consent_narrowings no force row level security;
alter table disclosures no force row level security;
alter table disclosure_locks no force row level security;
alter table disclosure_receipts no force row level security;
alter table access_log no force row level security;
set local timezone = 'UTC';
insert into ledger (record, key, act, from_organisation_id, to_organisation_id, at, said)
select record, key_of(said), 'found', (said ->> 'from_organisation_id')::uuid,
    (said ->> 'to_organisation_id')::uuid, app_now(), said
from (
    select 'consents' as record, entry_of(to_jsonb(t)) as said from consents t
    union all select 'consent_narrowings', entry_of(to_jsonb(t)) from consent_narrowings t
    union all select 'disclosures', entry_of(to_jsonb(t)) from disclosures t
    union all select 'disclosure_locks', entry_of(to_jsonb(t)) from disclosure_locks t
    union all select 'disclosure_receipts', entry_of(to_jsonb(t)) from disclosure_receipts t
) as standing;
insert into unchained (chain, entry_id, digest)
select 'access_log', id, digest_of_entry(to_jsonb(t), salt) from access_log t order by id;
alter table consents force row level security;
alter table consent_narrowings force row level security;
alter table disclosures force row level security;
alter table disclosure_locks force row level security;
alter table disclosure_receipts force row level security;
alter table access_log force row level security;

alter table ledger enable row level security;
alter table ledger force row level security;
create policy sender_reads on ledger for select using (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
);
create policy parties_write on ledger for insert with check (
    nullif(current_setting('app.org', true), '')::uuid in (from_organisation_id, to_organisation_id)
);

alter table chain_witnesses enable row level security;
alter table chain_witnesses force row level security;
create policy own on chain_witnesses using (org_id = nullif(current_setting('app.org', true), '')::uuid);

revoke insert, update, delete on ledger from referrals;
revoke update, delete on chain_links from referrals;
revoke insert, delete on chain_heads from referrals;
revoke insert, update on unchained from referrals;
revoke delete on chain_witnesses from referrals;
