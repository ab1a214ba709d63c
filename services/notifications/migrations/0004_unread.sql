-- The count in every page's title must not grow with what has been read.
create index notices_unread_of_team on notices (org_id, team_id) where read_at is null and team_id is not null;
create index notices_unread_of_staff on notices (org_id, staff_id) where read_at is null and staff_id is not null;
