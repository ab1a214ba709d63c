"""The directory's SQL: each thing loaded and saved whole."""
