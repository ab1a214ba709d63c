"""What may be asked of this service: load, verb, save, tell."""
