"""The JSON forms of the API: what the simulated account looks like on the wire."""
