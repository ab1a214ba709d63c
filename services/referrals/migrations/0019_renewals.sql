-- Whoever takes a consent back takes back what has renewed it.

create index renewals_of_a_consent on consents (renews) where renews is not null;
