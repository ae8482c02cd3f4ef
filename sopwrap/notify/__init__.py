"""Tells people and programs what became of a run: e-mail, webhook, Apprise's services, and a dead man's switch."""
