"""Random changes to real-shaped files: `python -m tests.fuzz SECONDS [SEED [FOLDER]]`. What it finds becomes a test."""
