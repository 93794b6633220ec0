# SPDX-License-Identifier: GPL-2.0-or-later
from dataclasses import replace
from datetime import UTC

from appliance.diary.entries import entries
from appliance.diary.usual import Usual
from appliance.events import Evidence
from tests.live.house import RULES
from web.house import House
from web.normal import beside_usual, to_be_normal


def test_what_is_missing_is_named(house: House) -> None:
    """For an upload that nobody asked for, the names, the times of the window and the closest score are told."""
    with house.reader() as reader:
        found = next(each.verdict for each in entries(reader) if each.verdict.verdict.startswith("unexplained"))
    near = replace(found, evidence=(*found.evidence, Evidence("near_miss", 0.43, "nearly")))
    told = " ".join(to_be_normal(near, ("alexa", "echo"), RULES.verdicts, UTC))
    assert "“alexa”, “echo”" in told
    assert "0.43" in told
    assert "heard its name between" in " ".join(to_be_normal(found, (), RULES.verdicts, UTC))


def test_more_less_and_as_much_as_usual(house: House) -> None:
    """An upload is told beside what most of its speaker's are like."""
    with house.reader() as reader:
        upload = next(each.verdict.upload for each in entries(reader) if each.verdict.upload)

    def told(low: float, high: float) -> str:
        return next(iter(beside_usual(upload, Usual(20, (low, high), (1.0, 3.0), 2), UTC)))

    count = float(upload.bytes_up)
    assert "more than usual" in told(count / 4, count / 2)
    assert "less than usual" in told(count * 2, count * 4)
    assert "is usual" in told(count / 2, count * 2)
