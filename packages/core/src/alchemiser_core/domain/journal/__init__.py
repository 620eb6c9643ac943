"""The journal: everything that was decided, sent and learned, in the order in which it was."""
