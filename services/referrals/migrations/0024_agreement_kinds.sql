-- Which kind of agreement: an arrangement on data protection alone lets nothing travel.
-- Null was told before agreements had kinds.

alter table agreements add column kind text;
