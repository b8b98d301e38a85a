"""Our readers against other people's: what they agree on, and each difference that is meant."""
