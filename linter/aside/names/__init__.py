"""What a place says by itself: its name, the words at its head or beside it, and its being a copy that says so."""
