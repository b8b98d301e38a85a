"""`python -m linter` is `tarecheck`."""

from linter.cli import main

main()
