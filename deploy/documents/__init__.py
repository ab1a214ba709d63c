"""The papers that are made from the code: events, AsyncAPI, OpenAPI, roles, published schemas."""
