"""What a chart leaves out unless its values ask for it, and what its release fills in."""
