"""The benchmark: what carrying a backup out through the SOP costs beside the bare engine, in one run."""
