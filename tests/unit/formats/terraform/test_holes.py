from linter.formats import image
from linter.formats.terraform import values


def test_an_unknown_part_of_a_text_is_an_unknown_part_of_an_image() -> None:
    assert values.HOLE == image.HOLE
