"""What pages read; every read of a person or a disclosure is written down in its own transaction."""
