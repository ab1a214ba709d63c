"""The rules: values in, values out; time and ids come in as arguments."""
