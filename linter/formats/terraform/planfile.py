"""Binary plan files: a zip that holds the exact configuration the plan was made of."""

from __future__ import annotations

import io
import json
import zipfile
import zlib

from linter.errors import UnreadableError
from linter.formats.document import Document
from linter.text import SourceText, decode

MAX_SOURCES = 5_000
MAX_SOURCE_BYTES = 5_000_000  # of one file inside, unpacked
MAX_UNPACKED = 50_000_000  # bytes of all of them
_MANIFEST = "tfconfig/modules.json"
# what zipfile raises for an archive that is cut, changed, encrypted or packed in an odd way
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, RuntimeError, ValueError)


def read_bytes(path: str, data: bytes) -> list[Document]:
    """The configuration inside of a plan file, module by module; values that only the plan knows are not read.

    Documents are named `PATH/FOLDER/main.tf`. Raises UnreadableError for what is no plan file.
    """
    from linter.formats.terraform.reading import read_directory

    result: list[Document] = []
    for texts in _modules(path, data):
        result += read_directory(texts, None)
    return result


def _modules(path: str, data: bytes) -> list[list[SourceText]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if name.startswith("tfconfig/m-")]
            if len(names) > MAX_SOURCES:
                raise UnreadableError(f"A plan with more than {MAX_SOURCES:,} files of source.", limit=True)
            folders = _folders(archive)
            groups: dict[str, list[SourceText]] = {}
            if sum(archive.getinfo(name).file_size for name in names) > MAX_UNPACKED:
                raise UnreadableError(
                    f"A plan with more than {MAX_UNPACKED // 1_000_000} MB of source in it.", limit=True
                )
            for name in names:
                info = archive.getinfo(name)
                if not name.endswith((".tf", ".tofu", ".json")):
                    continue
                if info.file_size > MAX_SOURCE_BYTES:
                    raise UnreadableError(f"A plan with a file of more than 5 MB in it: {name}", limit=True)
                key, _, rest = name.removeprefix("tfconfig/m-").partition("/")
                folder = folders.get(key, key)
                shown = "/".join(part for part in (path, folder if folder != "." else "", rest) if part)
                groups.setdefault(key, []).append(decode(shown, archive.read(name)))
    except _DAMAGED as error:
        raise UnreadableError(f"not a plan file: {error}") from None
    if not groups:
        raise UnreadableError(
            "a plan file without configuration", hint="make JSON of it with `terraform show -json`"
        )
    return list(groups.values())


def _folders(archive: zipfile.ZipFile) -> dict[str, str]:
    """Module key to its folder, from the manifest inside."""
    try:
        if archive.getinfo(_MANIFEST).file_size > MAX_SOURCE_BYTES:
            return {}
        entries = json.loads(archive.read(_MANIFEST))
    except (KeyError, ValueError, RecursionError):
        return {}
    if not isinstance(entries, list):
        return {}
    return {str(e.get("Key", "")): str(e.get("Dir", "")) for e in entries if isinstance(e, dict)}
