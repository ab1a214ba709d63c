-- An invitation that went to the wrong address is taken back, and stays in the list as such.
alter table invitations
    add column revoked_at timestamptz,
    add constraint used_or_revoked check (used_at is null or revoked_at is null);
