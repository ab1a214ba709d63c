"""The figures, each beside its limit: `python3 dev.py bench`."""
