"""Every indicator of the symphony notation, over whole (sessions x symbols) arrays."""
