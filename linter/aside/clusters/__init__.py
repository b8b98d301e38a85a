"""What the cluster settles that a file is for: Talos, OpenShift, a developer's own machine, beds for tests."""
