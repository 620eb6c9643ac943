"""The program's own log: its lines, where they go, and what must never be in one."""
