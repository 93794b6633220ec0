# SPDX-License-Identifier: GPL-2.0-or-later
from datetime import UTC

from appliance.diary.entries import entries
from appliance.diary.usual import FEW, usual
from appliance.events import Role
from appliance.ledger import Reader


def test_most_uploads_of_a_speaker_are_usual(reader: Reader) -> None:
    """Of a speaker with enough uploads, most are as large as most, and of one with few nothing is usual."""
    every = entries(reader)
    for device in {each.verdict.device for each in every}:
        mine = [each for each in every if each.verdict.device == device]
        uploads = [each.verdict.upload for each in mine if each.verdict.upload]
        voice = [upload for upload in uploads if upload.role is Role.VOICE]
        found = [usual(upload, mine, UTC) for upload in voice]
        if len(voice) <= FEW:
            assert found == [None] * len(voice)
            continue
        fits = [
            each.size[0] <= upload.bytes_up <= each.size[1] for each, upload in zip(found, voice, strict=True) if each
        ]
        assert sum(fits) >= len(voice) / 2


def test_a_call_is_compared_with_nothing(reader: Reader) -> None:
    """A call is as long as people talk."""
    every = entries(reader)
    calls = [each.verdict.upload for each in every if each.verdict.upload and each.verdict.upload.role is Role.CALL]
    assert [usual(call, every, UTC) for call in calls] == [None] * len(calls)
