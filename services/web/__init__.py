"""Web: the pages.  It owns nothing, tells nothing and hears nothing; it asks the services over HTTP."""
