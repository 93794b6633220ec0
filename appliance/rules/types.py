# SPDX-License-Identifier: GPL-2.0-or-later
"""What every rule has: an id to override it by, a source to check it by, examples that prove what it means."""

from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

T = TypeVar("T")


def _in_english(said: dict[str, str]) -> dict[str, str]:
    if "en" not in said:
        raise ValueError("has no sentence in English (en)")
    return said


#: What a rule is called: small letters, digits, single hyphens or underscores.
Id = Annotated[str, Field(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=64)]
#: A sentence for people.
Words = Annotated[str, Field(min_length=1, max_length=1000)]
#: A sentence by language (en, fr, de); in English there must be one.
Said = Annotated[dict[str, Words], AfterValidator(_in_english)]
#: Lengths and counts of bytes; never read from quoted text.
Bytes = Annotated[int, Field(strict=True, ge=0, le=10**9)]
Count = Annotated[int, Field(strict=True, ge=1, le=10**6)]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]
Seconds = Annotated[float, Field(strict=True, ge=0, le=31 * 86400)]
#: Bytes per second.
Rate = Annotated[float, Field(strict=True, gt=0, le=10**9)]
Ratio = Annotated[float, Field(strict=True, gt=0, le=1000)]
#: How much a thing says, from nothing to everything.
Share = Annotated[float, Field(strict=True, ge=0, le=1)]


def said(sentences: dict[str, str], language: str) -> str:
    """Return the sentence in ``language``, or else in English."""
    return sentences.get(language, sentences["en"])


def _several(value: object) -> object:
    return [value] if isinstance(value, str | int | float) else value


#: One value or a list of them: a list of one may be written without brackets.
Several = BeforeValidator(_several, json_schema_input_type=object)


class Strict(BaseModel):
    """A piece of a rule: unchangeable, and a key nobody knows is an error, not a silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Examples(Strict, Generic[T]):
    """What the rule must match and what it must not; ``earwitness rules check`` and the tests run them."""

    matches: tuple[T, ...] = Field(min_length=1)
    other: tuple[T, ...] = Field(alias="not", min_length=1, description="what the rule must not match")


class Rule(Strict):
    """What every rule has."""

    id: Id
    source: Words = Field(description="where the figures come from: paper, data set, vendor's page, measurement")
