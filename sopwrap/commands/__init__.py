"""One module per word the operator types; each is imported only when that word is typed."""
