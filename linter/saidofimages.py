"""What findings say of the images that containers have: their messages name the image."""

from __future__ import annotations

from linter.finding import Finding

OF_IMAGES = frozenset({"image-registry-deprecated", "image-tag-latest", "ai-image-latest"})


def of_image(finding: Finding) -> tuple[str, str]:
    """The rule, and what it says of an image, without the container that has it."""
    return finding.rule, finding.message.partition("' ")[2]


def is_rendered(finding: Finding) -> bool:
    """Whether it is about what a chart was rendered to."""
    return any(name == "chart" for name, _ in finding.properties)
