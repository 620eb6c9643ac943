"""How trading is stopped: by a file, by a signal, or by either."""
