"""Gathers what bars are held against before a decision, and has them checked."""
