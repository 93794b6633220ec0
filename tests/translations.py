# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds every sentence for people in the code, and brings the catalogues up to date.

``python -m tests.translations`` adds new sentences to ``appliance/translations/*/LC_MESSAGES/messages.po`` with an
empty translation, drops those that are gone, and writes the ``.mo`` that the program reads.
"""

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from appliance.tongues import LANGUAGES, TRANSLATIONS

ROOT = Path(__file__).resolve().parents[1]
METHODS = [("**/templates/**.html", "jinja2"), ("templates/**.html", "jinja2"), ("**.py", "python")]
#: Our own ways to say a sentence, beside gettext's: which argument is the sentence, or its one and its many.
KEYWORDS = DEFAULT_KEYWORDS | {"later": None, "translate": None, "counted": (2, 3)}
#: In the catalogues' heads, so that nothing differs but sentences.
WHENEVER = datetime(2026, 1, 1, tzinfo=UTC)


def po(code: str) -> Path:
    """Return a language's catalogue."""
    return TRANSLATIONS / code / "LC_MESSAGES" / "messages.po"


def extracted() -> Catalog:
    """Return every sentence that the code says, and in which files."""
    catalog = Catalog(project="Earwitness", charset="utf-8")
    for folder in ("appliance", "web"):
        for name, _line, message, _comments, _context in extract_from_dir(ROOT / folder, METHODS, keywords=KEYWORDS):
            catalog.add(message, locations=[(f"{folder}/{name}", 0)])
    return catalog


def read(code: str) -> Catalog:
    """Return a language's catalogue as it is; an empty one if there is none yet."""
    if not po(code).exists():
        return Catalog(locale=code, project="Earwitness", fuzzy=False)
    with po(code).open("rb") as file:
        return read_po(file, locale=code)


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as the program reads it."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """Return the sentences that have no translation, or that somebody should look at."""
    return [str(message.id) for message in catalog if message.id and (message.fuzzy or not _whole(message))]


def update(code: str) -> int:
    """Bring a language up to date; return how many sentences have no translation."""
    catalog = read(code)
    catalog.update(extracted(), no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalog.creation_date = catalog.revision_date = WHENEVER
    po(code).parent.mkdir(parents=True, exist_ok=True)
    out = BytesIO()
    write_po(out, catalog, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
    po(code).write_bytes(out.getvalue())
    po(code).with_suffix(".mo").write_bytes(compiled(read(code)))
    return len(missing(catalog))


def _whole(message: Message) -> bool:
    said = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(said)


if __name__ == "__main__":
    for language in LANGUAGES[1:]:
        sys.stdout.write(f"{language}: {update(language)} sentences have no translation\n")
