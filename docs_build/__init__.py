"""The documentation site: what can be derived is derived from rule files, models, schema and command line.

`pages()` in `site.py` gives every generated page; `hooks.py` hands them to mkdocs. Nothing generated is kept in the tree,
and nothing here is part of the wheel.
"""
