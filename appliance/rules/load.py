# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads all rules: those of the package, then the household's own, which replace by id or add."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from appliance.limits import RULE_FILES, RULE_PROBLEMS
from appliance.rules.alerts import AlertRules
from appliance.rules.document import Document, Problem, RuleError, read_document
from appliance.rules.file import RuleFile
from appliance.rules.hosts import Hosts
from appliance.rules.leaks import Leaks
from appliance.rules.owners import Owners
from appliance.rules.recordings import Recordings
from appliance.rules.relays import Relays
from appliance.rules.releases import addresses_of, keys_of
from appliance.rules.speakers import SpeakerRules
from appliance.rules.types import Rule
from appliance.rules.uploads import UploadRules
from appliance.rules.verdicts import VerdictRules
from appliance.rules.wake import WakeRules

#: The rules that the package brings.
PACKAGED = Path(__file__).resolve().parents[2] / "rules"
#: Where a household keeps its own.
OVERRIDES = Path("/etc/earwitness/rules.d")

#: section of the file ("hosts") and rule id -> the rule and where it is written
Book: TypeAlias = dict[tuple[str, str], tuple[Rule, Document, int]]


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, typed and ready to ask."""

    speakers: SpeakerRules
    hosts: Hosts
    owners: Owners
    leaks: Leaks
    recordings: Recordings
    uploads: UploadRules
    verdicts: VerdictRules
    alerts: AlertRules
    relays: Relays
    wake: WakeRules
    releases: Mapping[str, bytes]  #: public keys of those whose releases a page may install
    newest: Mapping[str, str]  #: where to ask them for the newest version
    version: str  #: changes with the content of any rule; every verdict carries it


def load_rules(overrides: Path | None = OVERRIDES) -> Rules:
    """Return the packaged rules with those of the folder ``overrides`` over them; a missing folder is an empty one.

    Errors: RuleError with everything that is wrong, each with file, line and key.
    """
    if overrides is None or not overrides.is_dir():
        return _packaged()
    return _build(_shelf(PACKAGED) | _shelf(overrides))


@cache
def _packaged() -> Rules:
    return _build(_shelf(PACKAGED))


def _shelf(folder: Path) -> Book:
    """Return the rules of all files under ``folder``."""
    paths = sorted(folder.rglob("*.yaml"))
    if len(paths) > RULE_FILES:
        raise RuleError([Problem(str(folder), None, "", f"holds more than {RULE_FILES} files")])
    book: Book = {}
    problems: list[Problem] = []
    for path in paths:
        try:
            document = read_document(path)
            problems += _add(document, _parse(document), book)
        except RuleError as error:
            problems += error.problems
    if problems:
        raise RuleError(problems[:RULE_PROBLEMS])
    return book


def _parse(document: Document) -> RuleFile:
    try:
        return RuleFile.model_validate({} if document.data is None else document.data)
    except ValidationError as error:
        errors = [each for each in error.errors(include_url=False) if not _follows_from_another(each)]
        problems = {_explain(document, each) for each in errors}
        raise RuleError(sorted(problems, key=lambda problem: (problem.line or 0, problem.text))) from None


def _add(document: Document, rules: RuleFile, book: Book) -> Iterator[Problem]:
    for section, place, rule in rules.all():
        if (section, rule.id) in book:
            before = book[section, rule.id]
            yield document.problem((section, place, "id"), f"{rule.id} is already the id of a rule in {before[1].file}")
        book.setdefault((section, rule.id), (rule, document, place))


def _follows_from_another(error: ErrorDetails) -> bool:
    """Say whether a list is short only because the errors in it were told already."""
    return error["type"] == "too_short" and bool(error["input"])


def _explain(document: Document, error: ErrorDetails) -> Problem:
    """Say in plain words what pydantic found."""
    path = error["loc"]
    match error["type"]:
        case "missing":
            return document.problem(path, f"{path[-1]} is missing")
        case "model_type" | "model_attributes_type" | "dict_type":
            return document.problem(path, "should be a mapping of keys to values")
        case "extra_forbidden":
            return document.problem(path, "is not a key that is known here")
        case _:
            words = error["msg"].removeprefix("Value error, ").replace("Input should", "should")
            given = repr(error["input"])
            return document.problem(path, f"{words}, and is {given[:60]}" if len(given) < 60 else words)


def _build(book: Book) -> Rules:
    rules: dict[str, list[Any]] = {}
    for (section, _), (rule, _, _) in book.items():
        rules.setdefault(section, []).append(rule)
    hosts = Hosts(rules.get("hosts", ()))
    _refuse(_lost_references(book))
    return Rules(
        speakers=SpeakerRules(rules.get("speakers", ()), hosts),
        hosts=hosts,
        owners=Owners(rules.get("owners", ())),
        leaks=Leaks(rules.get("leaks", ())),
        recordings=Recordings(rules.get("recordings", ())),
        uploads=UploadRules(
            **{rule.id: rule for rule in rules["detectors"]},
            signatures=tuple(rules.get("signatures", ())),
            keepalives=tuple(rules.get("keepalives", ())),
        ),
        verdicts=rules["verdicts"][0],
        alerts=rules["alerts"][0],
        relays=Relays(rules.get("relays", ())),
        wake=WakeRules(
            engines=tuple(rules.get("wake", ())),
            **{rule.id: rule for rule in rules["hearing"]},
        ),
        releases=keys_of(rules.get("releases", ())),
        newest=addresses_of(rules.get("releases", ())),
        version=_version(book),
    )


def _lost_references(book: Book) -> Iterator[Problem]:
    """Yield the host rules that speaker rules speak of (``@id``) and that are not there."""
    for (section, _), (rule, document, place) in book.items():
        if section == "speakers":
            for pattern in sorted(set(_patterns(rule))):
                if pattern.startswith("@") and ("hosts", pattern[1:]) not in book:
                    yield document.problem((section, place), f"{pattern}: there is no host rule of that id")


def _patterns(rule: Any) -> Iterator[str]:  # noqa: ANN401 - a SpeakerRule, by its section
    for owner in (rule, *rule.models):
        for evidence in owner.evidence:
            for patterns in evidence.when.values():
                yield from patterns


def _refuse(problems: Iterable[Problem]) -> None:
    found = tuple(problems)
    if found:
        raise RuleError(found[:RULE_PROBLEMS])


def _version(book: Book) -> str:
    digest = sha256()
    for (section, _), (rule, _, _) in sorted(book.items(), key=lambda item: item[0]):
        digest.update(section.encode() + rule.model_dump_json(by_alias=True).encode())
    return digest.hexdigest()[:12]
