-- What an offering says of itself besides: who it is for by rules, where its door is, how sure one can be of it.

alter table offerings
    add column description text not null default '',
    add column access text[] not null default '{}',
    add column eligibility jsonb not null default '[]',
    add column eligibility_version integer not null default 1,
    add column protective_factors text[] not null default '{}',
    add column leads_to uuid[] not null default '{}',
    add column protected_place boolean not null default false,
    add column door jsonb,
    add column waiting integer,
    add column paused_until date,
    add column resumes_as text,
    add column confirmed_at timestamptz,
    add column confirmed_by uuid,
    add column document tsvector not null generated always as (
        setweight(to_tsvector('swedish', name), 'A') || setweight(to_tsvector('swedish', description), 'B')
    ) stored,
    -- Whoever flees must not be found through a directory.
    add constraint a_protected_place_has_no_door check (not (protected_place and door is not null)),
    add constraint only_what_is_paused_rests check (paused_until is null or status = 'paused');

create index offerings_by_need on offerings using gin (needs);
create index offerings_by_word on offerings using gin (document);

-- A word's trigrams, its ends marked by blanks; and those of a part of a word, whose ends say nothing.
create function grams_of(word text) returns text[] language sql immutable strict parallel safe
return array(
    select distinct substr('  ' || word || ' ', n, 3) from generate_series(1, length(word) + 1) as n
);

create function inner_grams(word text) returns text[] language sql immutable strict parallel safe
return array(
    select distinct substr(word, n, 3) from generate_series(1, length(word) - 2) as n
);

-- The words of all texts in the directory: nobody's own, and never about a person.
create table words (
    word text primary key,
    folded text not null,
    grams text[] not null generated always as (grams_of(folded)) stored
);
create index words_by_gram on words using gin (grams);

insert into words (word, folded)
select distinct word, translate(word, 'åäàáâãëèéêïíìîöòóôõüúùûñçø', 'aaaaaaeeeeiiiiooooouuuuncø')
from offerings, regexp_split_to_table(lower(name), '[^[:alnum:]]+') as word
where word <> '';
