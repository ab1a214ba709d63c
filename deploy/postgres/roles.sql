-- The three roles of one service.  Roles belong to the cluster, so they may be there already.
do $$ begin create role {owner}; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role {service}; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role {erasure}; exception when duplicate_object or unique_violation then null; end $$;

alter role {owner} nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role {erasure} nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
alter role {service} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password {password};
alter role {service} set search_path = {service};
