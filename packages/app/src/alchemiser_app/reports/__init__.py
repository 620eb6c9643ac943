"""Reports: what a result looks like in words and in JSON."""
