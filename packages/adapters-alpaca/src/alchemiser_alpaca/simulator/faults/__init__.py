"""Scripted faults: what goes wrong between a broker and its client, on demand."""
