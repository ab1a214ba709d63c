"""The aggregates' SQL: load, add, save; no rule."""
