-- The rules of who an offering is for, as they were when a referral to it was sent.

alter table offerings
    add column eligibility jsonb not null default '[]',
    add column eligibility_version integer not null default 1;

alter table referrals
    add column eligibility jsonb,
    add column eligibility_version integer;

create function freeze_eligibility() returns trigger language plpgsql as $$
begin
    select o.eligibility, o.eligibility_version into new.eligibility, new.eligibility_version
    from offerings o where o.id = new.offering_id;
    return new;
end $$;

create trigger freeze_when_born_sent before insert on referrals
    for each row when (new.sent_at is not null) execute function freeze_eligibility();
create trigger freeze_when_sent before update of sent_at on referrals
    for each row when (old.sent_at is null and new.sent_at is not null) execute function freeze_eligibility();
