"""How people are told what they have to know: in the log, in a file, or by a program of theirs."""
