"""What others keep and this tree has a copy of: charts, renderings, dumps, and releases that are past."""
