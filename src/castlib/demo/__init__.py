"""A synthetic country in the provinces' own formats, deterministic from a seed, with a known truth."""
