"""What the papers need to know of a case, worked out by pure functions; the wording is in sopwrap/templates."""
