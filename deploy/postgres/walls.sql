-- What the service's own login may not do with the tables that every service has.
revoke insert, update, delete on clock, kit_version, schema_version from {service};
revoke update, delete on log from {service};
revoke update on untold, idempotency from {service};
revoke delete on subjects, positions from {service};
grant select, update on log to {erasure};
