"""`python -m linter` is `tarecheck`."""

from linter.cli import run

if __name__ == "__main__":
    run()
