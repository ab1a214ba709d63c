"""Persons, paths, needs, consents, referrals and what was disclosed.

Owns every record of a person, tells `events:referrals`, and hears
`events:organisations` for its own copy of who takes part.
"""
