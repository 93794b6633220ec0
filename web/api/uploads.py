# SPDX-License-Identifier: GPL-2.0-or-later
"""Uploads and their verdicts, as a person counts them: one entry each, and the household's answers to them."""

from typing import Annotated, Self

from flask import Response, abort
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from appliance.diary.entries import Entry, entries, entry
from appliance.diary.kept import kept
from appliance.evidence import Shelf
from appliance.limits import API_PAGE, API_PAGE_MOST
from appliance.report.contract import Part, Seconds, UploadPart, VerdictPart
from appliance.report.jsonl import upload_part, verdict_part
from appliance.rules import VerdictName
from appliance.speakers.inventory import Answer, Word
from web.access import Access, Scope, access
from web.api.resource import REMOVES, ROW_MOST, At, Body, Mac, Moment, answer, answers, at, changes, nothing, resource
from web.house import House, the_house

uploads = resource("uploads", "What speakers sent, and what the judge says of it, newest first.")

Id = Annotated[int, Field(ge=1, le=ROW_MOST, description="Names an upload.")]


class AnswerPart(Part):
    """What a person says of it; it stands beside the verdict, never over it."""

    word: Word
    time: Seconds


class UploadItem(Part):
    """An upload with its verdict, or (silent_speaker) a wake word that no upload followed."""

    id: Annotated[int, Field(description="Names it for ever.")]
    at: At
    synchronised: Annotated[bool, Field(description="A time server stood behind the clock.")]
    simulated: Annotated[bool, Field(description="It never happened.")]
    final: Annotated[bool, Field(description="False: the upload goes on, and the verdict may change.")]
    upload: UploadPart | None
    verdict: VerdictPart
    answer: AnswerPart | None

    @classmethod
    def of(cls, found: Entry, answered: dict[str, Answer]) -> Self:
        """Return how the API tells of an entry."""
        verdict, said = found.verdict, answered.get(found.key)
        return cls(
            id=found.id,
            at=at(found.time),
            synchronised=found.synchronised,
            simulated=found.simulated,
            final=verdict.final,
            upload=upload_part(verdict.upload) if verdict.upload else None,
            verdict=verdict_part(verdict),
            answer=AnswerPart(word=said.word, time=said.time) if said else None,
        )


class EvidenceCapture(Part):
    """The capture of the speaker's own frames around the upload, on the shelf."""

    bytes: int
    heard: Annotated[bool, Field(description="What ears heard lies beside it.")]


class UploadDetail(UploadItem):
    """One of them, with what is kept of it."""

    capture: EvidenceCapture | None


class Uploads(Part):
    """A page of them, newest first."""

    items: list[UploadItem]
    next: Annotated[int | None, Field(description="The cursor of the next page; null: this is the last.")]


class UploadsQuery(Part):
    """Which are wanted."""

    speaker: Mac | SkipJsonSchema[None] = None
    verdict: Annotated[list[VerdictName], Field(default_factory=list, description="Any of these.")]
    since: Moment | SkipJsonSchema[None] = None
    until: Moment | SkipJsonSchema[None] = None
    cursor: Annotated[Id | SkipJsonSchema[None], Field(description="What the page before called next.")] = None
    limit: Annotated[int, Field(ge=1, le=API_PAGE_MOST, description="How many at once.")] = API_PAGE


class UploadPath(Part):
    """Which one."""

    id: Id


class AnswerBody(Body):
    """A person's word."""

    word: Word


@uploads.get("/uploads", responses=answers(Uploads))
@access(Access.VIEWER, scope=Scope.READ)
def list_uploads(query: UploadsQuery) -> Response:
    """List uploads with their verdicts, newest first.

    What comes in meanwhile changes nothing in the pages that follow: each entry is on exactly one.
    """
    house = the_house()
    with house.reader() as reader:
        found = entries(
            reader,
            start=query.since,
            end=query.until,
            device=query.speaker,
            verdicts=query.verdict,
            before=query.cursor,
            limit=query.limit + 1,
        )
    page, answered = found[: query.limit], answers_of(house)
    items = [UploadItem.of(each, answered) for each in page]
    return answer(Uploads(items=items, next=page[-1].id if len(found) > len(page) else None))


@uploads.get("/uploads/<int:id>", responses=answers(UploadDetail))
@access(Access.VIEWER, scope=Scope.READ)
def get_upload(path: UploadPath) -> Response:
    """Return one upload with its verdict, and what is kept of it."""
    house = the_house()
    with house.reader() as reader:
        found = entry(reader, path.id) or abort(404, "There is no such upload, or no more.")
        capture = kept(reader, Shelf(house.settings.paths.evidence, house.settings.evidence), found)
    item = UploadItem.of(found, answers_of(house))
    shown = EvidenceCapture(bytes=capture.size, heard=capture.heard) if capture else None
    return answer(UploadDetail(**dict(item), capture=shown))


@uploads.put("/uploads/<int:id>/answer", responses=changes(AnswerPart))
@access(Access.OWNER, scope=Scope.CONTROL)
def put_answer(path: UploadPath, body: AnswerBody) -> Response:
    """Say what it was, in place of what was said before."""
    house = the_house()
    with house.reader() as reader:
        found = entry(reader, path.id) or abort(404, "There is no such upload, or no more.")
    device = found.verdict.device or abort(404, "It is about no device, so nobody can answer for one.")
    said = house.registry.answer(found.key, device, body.word, house.now())
    return answer(AnswerPart(word=said.word, time=said.time))


@uploads.delete("/uploads/<int:id>/answer", responses=REMOVES)
@access(Access.OWNER, scope=Scope.CONTROL)
def delete_answer(path: UploadPath) -> Response:
    """Take back what was said, if anything was."""
    house = the_house()
    with house.reader() as reader:
        found = entry(reader, path.id) or abort(404, "There is no such upload, or no more.")
    house.registry.take_back(found.key)
    return nothing()


def answers_of(house: House) -> dict[str, Answer]:
    """Return what people said, by the keys of entries."""
    return {each.verdict: each for each in house.registry.inventory.answers}
