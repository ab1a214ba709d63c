-- Consents renewed and narrowed, the copy item by item, and what each holder answers for.

alter table consents add column renews uuid;
alter table consents add foreign key (from_organisation_id, renews) references consents (from_organisation_id, id);
alter table consents drop constraint consents_ended_how_check;
alter table consents add constraint consents_ended_how_check
    check (ended_how in ('withdrawn', 'expired', 'replaced', 'renewed'));
create unique index one_live_answer_of_a_kind on consents (from_organisation_id, referral_id, kind)
    where answer = 'yes' and ended_at is null;

-- What the person took back of a consent, item or time.  The consent's own row keeps what she first said;
-- what holds is that row less all of these, so that no row here can widen anything.
create table consent_narrowings (
    from_organisation_id uuid not null,
    consent_id uuid not null,
    version integer not null,
    dropped text[] not null,
    valid_until timestamptz not null,
    at timestamptz not null,
    by uuid not null,
    primary key (from_organisation_id, consent_id, version),
    foreign key (from_organisation_id, consent_id) references consents (from_organisation_id, id)
);

alter table consent_narrowings enable row level security;
alter table consent_narrowings force row level security;
create policy with_the_consent on consent_narrowings for select using (
    exists (
        select from consents c
        where c.from_organisation_id = consent_narrowings.from_organisation_id
            and c.id = consent_narrowings.consent_id
    )
);
create policy sender_writes on consent_narrowings for insert with check (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
);

create view current_consents with (security_invoker = true) as
select
    c.id, c.kind, c.answer, c.path_id, c.referral_id, c.from_organisation_id, c.to_organisation_id,
    c.to_team_id, c.sealed, c.valid_from, c.text_version, c.text_sha256, c.language, c.given_how, c.given_by,
    c.asked_by, c.interpreter, c.version, c.ended_at, c.ended_how, c.ended_by, c.renews,
    array(
        select field from unnest(c.fields) as field
        where not exists (
            select from consent_narrowings n
            where n.from_organisation_id = c.from_organisation_id and n.consent_id = c.id
                and field = any (n.dropped)
        )
    ) as fields,
    least(c.valid_until, (
        select min(n.valid_until) from consent_narrowings n
        where n.from_organisation_id = c.from_organisation_id and n.consent_id = c.id
    )) as valid_until
from consents c;

-- The copy stays sealed to the consent it was made under; `consent_id` is the one it rests on now, and
-- the same until it is renewed.
-- `processing_fields` rest on a consent of the receiver's own as well (GDPR 9.2 a).
alter table disclosures
    add column made_under uuid,
    add column processing_consent_id uuid,
    add column processing_fields text[] not null default '{}';
alter table disclosures
    add check (processing_fields <@ fields),
    add check (processing_fields = '{}' or processing_consent_id is not null),
    add foreign key (from_organisation_id, processing_consent_id) references consents (from_organisation_id, id);
create index disclosures_under_processing on disclosures (from_organisation_id, processing_consent_id)
    where processing_consent_id is not null;

-- A row for each item; without a field it is a whole copy, as one without items is, and as all were before.
alter table disclosure_items drop constraint disclosure_items_pkey;
alter table disclosure_items add column field text;
create unique index one_row_of_an_item on disclosure_items (from_organisation_id, disclosure_id, field)
    nulls not distinct;

-- What a receiver may read no more, and since when.  What it never opened it need not answer for.
create table disclosure_locks (
    id uuid primary key,
    disclosure_id uuid not null,
    consent_id uuid not null,
    from_organisation_id uuid not null,
    to_organisation_id uuid not null,
    to_team_id uuid not null,
    fields text[] not null,
    was_opened boolean not null,
    at timestamptz not null,
    foreign key (from_organisation_id, disclosure_id) references disclosures (from_organisation_id, id),
    foreign key (from_organisation_id, consent_id) references consents (from_organisation_id, id)
);
create index locks_of_a_disclosure on disclosure_locks (disclosure_id);
create index locks_of_a_team on disclosure_locks (to_organisation_id, to_team_id, disclosure_id) where was_opened;

-- What a holder says that it did with the fields it may read no more; `sealed` is the ground it gives.
create table disclosure_receipts (
    id uuid primary key,
    disclosure_id uuid not null,
    from_organisation_id uuid not null,
    to_organisation_id uuid not null,
    fields text[] not null,
    answer text not null check (answer in ('deleted', 'locked', 'kept_by_law')),
    sealed bytea,
    at timestamptz not null,
    by_staff_id uuid not null,
    check (answer <> 'kept_by_law' or sealed is not null),
    foreign key (from_organisation_id, disclosure_id) references disclosures (from_organisation_id, id)
);
create index receipts_of_a_disclosure on disclosure_receipts (disclosure_id, at);

alter table disclosure_locks enable row level security;
alter table disclosure_locks force row level security;
create policy parties_see on disclosure_locks for select using (
    nullif(current_setting('app.org', true), '')::uuid in (from_organisation_id, to_organisation_id)
);
create policy sender_writes on disclosure_locks for insert with check (
    from_organisation_id = nullif(current_setting('app.org', true), '')::uuid
);

alter table disclosure_receipts enable row level security;
alter table disclosure_receipts force row level security;
create policy parties_see on disclosure_receipts for select using (
    nullif(current_setting('app.org', true), '')::uuid in (from_organisation_id, to_organisation_id)
);
create policy holder_writes on disclosure_receipts for insert with check (
    to_organisation_id = nullif(current_setting('app.org', true), '')::uuid
    and exists (
        select from disclosures d
        where d.id = disclosure_receipts.disclosure_id
            and d.from_organisation_id = disclosure_receipts.from_organisation_id
            and d.to_organisation_id = disclosure_receipts.to_organisation_id
    )
);

-- The read gate, item by item: the release must live and hold the item, and where the item rests on a
-- consent to processing, so must that; both by the database's clock, at every read.
drop policy read_gate on disclosure_items;
create policy read_gate on disclosure_items for select using (
    exists (
        select
        from disclosures d
        join referrals r on r.id = d.referral_id
        join current_consents a on a.id = d.consent_id
        cross join lateral (
            select case
                when disclosure_items.field is null then d.fields else array[disclosure_items.field]
            end as fields
        ) as shown
        where d.id = disclosure_items.disclosure_id
            and d.to_organisation_id = nullif(current_setting('app.org', true), '')::uuid
            and d.locked_at is null
            and r.opened_at is not null
            and r.state in ('opened', 'info_requested', 'waitlisted', 'accepted', 'active', 'paused')
            and a.kind = 'secrecy_release'
            and a.answer = 'yes'
            and a.ended_at is null
            and a.valid_from <= app_now()
            and app_now() < a.valid_until
            and shown.fields <@ a.fields
            and (
                not shown.fields && d.processing_fields
                or exists (
                    select from current_consents b
                    where b.id = d.processing_consent_id
                        and b.kind = 'processing_consent'
                        and b.answer = 'yes'
                        and b.ended_at is null
                        and b.valid_from <= app_now()
                        and app_now() < b.valid_until
                        and shown.fields <@ b.fields
                )
            )
    )
);

revoke insert, update, delete on current_consents from referrals;
revoke update, delete on consent_narrowings, disclosure_locks, disclosure_receipts from referrals;
grant update (consent_id, made_under, processing_consent_id) on disclosures to referrals;
