"""The directory: who takes part, what they offer, under which agreements, and who signs in.

Owns organisations, teams, staff, offerings, agreements, pledges, sign-in
sessions and the key of the access tokens.  Tells every change that another
service keeps a copy of (`shared.events.organisations`).  Hears nobody.
"""
