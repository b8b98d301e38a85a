"""Whether anything in the project leads to a file: kustomizations, lists, modules, scripts and pipelines."""
