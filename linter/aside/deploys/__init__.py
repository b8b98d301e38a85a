"""How a project deploys its own charts: with which values, and which of them it leaves alone."""
