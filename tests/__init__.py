"""Tests of the wrapper, the collection and the playbooks, and the demo office they share."""
