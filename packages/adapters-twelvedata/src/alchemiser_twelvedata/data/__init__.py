"""What is asked for, and strict reading of what comes back."""
