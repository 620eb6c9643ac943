"""Trading an account: what is built from the configuration, and the one cycle that it runs."""
