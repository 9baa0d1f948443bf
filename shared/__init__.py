"""What every service needs and none owns: the published events, and the plumbing that carries them."""
