"""The directory over HTTP: one module for each noun."""
