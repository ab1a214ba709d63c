"""The HTTP surface: shapes in and out; it decides nothing."""
