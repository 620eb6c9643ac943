"""A local server that speaks the protocol of Alpaca: an account to rehearse with."""
