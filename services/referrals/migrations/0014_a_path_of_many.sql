-- What a team has been sent of one path, however much it has been sent of all others.
create index referrals_in_of_a_path on referrals (to_organisation_id, path_id, id) where sent_at is not null;
