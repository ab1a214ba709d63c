"""What may be asked of the directory: each command locks the organisation, loads, does, saves and tells."""
