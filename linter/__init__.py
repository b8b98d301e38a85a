"""tarecheck: policy and security linter for AI container configurations."""

__version__ = "0.1.0"
