"""Commands of `cast` that need more than a few lines, one module a command."""
