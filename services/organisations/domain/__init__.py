"""The directory's rules: frozen values whose verbs return the next state and its event."""
