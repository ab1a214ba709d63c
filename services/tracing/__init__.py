"""What was told and what was done with it: one path's trace, and operations.  No personal data."""
