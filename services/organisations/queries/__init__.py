"""The pages' SQL."""
