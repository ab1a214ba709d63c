-- A login, once given, is never renamed nor moved.
revoke update on logins from organisations;
