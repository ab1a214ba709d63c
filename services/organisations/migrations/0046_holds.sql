-- A place that is kept for a short time, while a person is asked; whose it is stands in no row.
create table holds (
    organisation_id uuid not null,
    id uuid not null,
    offering_id uuid not null,
    staff_id uuid not null,
    began_at timestamptz not null,
    ends_at timestamptz not null,
    version integer not null,
    primary key (organisation_id, id)
);
create index holds_of_an_offering on holds (offering_id, ends_at);
alter table holds enable row level security;
alter table holds force row level security;
create policy everybody_reads on holds for select using (true);
create policy adds_its_own on holds for insert
    with check (organisation_id = nullif(current_setting('app.org', true), '')::uuid);
create policy changes_its_own on holds for update
    using (organisation_id = nullif(current_setting('app.org', true), '')::uuid);
revoke delete on holds from organisations;

-- What the network has seen of an offering besides its own word: the latest ten answers of thirty days, the
-- last one that there was no room, and how many places are held now.
create function observed_of(offering uuid) returns jsonb language sql stable parallel safe
return (
    select jsonb_build_object(
        'accepted', count(*) filter (where accepted),
        'full', count(*) filter (where not accepted),
        'full_at', (array_agg(at order by at desc) filter (where not accepted))[1],
        'places_left', (array_agg(places_left order by at desc) filter (where not accepted))[1],
        'held', (select count(*) from holds where offering_id = offering and ends_at > app_now())
    )
    from (
        select * from answers where offering_id = offering and at > app_now() - interval '30 days'
        order by at desc limit 10
    ) as latest
);
