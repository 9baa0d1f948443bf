"""Races of the product's own modules against their peers: same work, same result, interleaved rounds, one command (`make bench`)."""
