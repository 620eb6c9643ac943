"""Why: the reasons of a decision, and the causes where there is none."""
