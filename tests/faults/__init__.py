"""Real faults, done to servers of our own, while twenty people write and read: `make faults` (see the README)."""
