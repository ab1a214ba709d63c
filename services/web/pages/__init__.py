"""The pages, one module per area; each asks the services, shows the answer, and decides nothing."""
