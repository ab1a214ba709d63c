-- A note of an erasure begins with the tenant too, or another's insert would tell that somebody was erased.
alter table erasures drop constraint erasures_pkey, add primary key (org_id, person_id);
