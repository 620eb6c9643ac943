"""Parameters and definitions: what names stand for, and the plain tree without them."""
