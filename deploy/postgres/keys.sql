-- The roles and the schema of the keys' own database; no other login may enter it.
do $$ begin create role keys_owner; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role keys; exception when duplicate_object or unique_violation then null; end $$;

alter role keys_owner nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role keys login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password {password};
alter role keys set search_path = keys;

revoke all on database {database} from public;
revoke all on schema public from public;
create schema if not exists keys authorization keys_owner;
revoke all on schema keys from public;
grant usage on schema keys to keys;
grant connect on database {database} to keys;

alter default privileges for role keys_owner revoke execute on functions from public;
alter default privileges for role keys_owner in schema keys grant select, insert, update, delete on tables to keys;
