-- The schema of one service: its owner's alone, used by the service, closed to everybody else.
create schema if not exists {service} authorization {owner};
revoke all on schema {service} from public;
grant usage on schema {service} to {service}, {erasure};
grant connect on database {database} to {service};

alter default privileges for role {owner} revoke execute on functions from public;
alter default privileges for role {owner} in schema {service} grant select, insert, update, delete on tables to {service};
alter default privileges for role {owner} in schema {service} grant usage, select on sequences to {service};
alter default privileges for role {owner} in schema {service} grant execute on functions to {service};
