"""GlobeTrotter measured beside its peers, on the same work in the same run: `make bench`."""
