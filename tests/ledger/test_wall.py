# SPDX-License-Identifier: GPL-2.0-or-later
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.events import Correction, Service
from appliance.ledger import Ledger, Reader, open_ledger
from appliance.ledger.wall import wall


def test_before_any_correction_the_anchor_stands(reader: Reader, boot: int) -> None:
    """Without a word on the clock, steady time is taken for wall-clock time, and marked."""
    assert wall(reader, boot, 1_000.0) == (1_000.0, False)


def test_what_came_before_the_first_synchronisation_takes_its_offset(
    services: dict[Service, Ledger], reader: Reader, boot: int
) -> None:
    """A clock that was years behind at boot, and set twice: facts from before are put right too, and marked."""
    corrections = [Correction(5.0, -900.0, synchronised=False), Correction(60.0, 4e6, synchronised=True)]
    services[Service.CAPTURE].write(boot, [*corrections, Correction(3_600.0, 4e6 - 0.5, synchronised=True)])
    other = services[Service.CAPTURE].begin("another", 0.0)
    assert wall(reader, boot, 10.0) == (4e6 + 10, False)
    assert wall(reader, boot, 60.0) == (4e6 + 60, True)
    assert wall(reader, boot, 3_599.0) == (4e6 + 3_599, True)
    assert wall(reader, boot, 3_600.0) == (4e6 + 3_599.5, True)
    assert wall(reader, other, 10.0) == (10.0, False)


def test_a_clock_that_is_never_synchronised_is_followed(
    services: dict[Service, Ledger], reader: Reader, boot: int
) -> None:
    """Without a time server, the clock that people set by hand counts, and is marked."""
    by_hand = [Correction(5.0, 100.0, synchronised=False), Correction(50.0, 200.0, synchronised=False)]
    services[Service.CAPTURE].write(boot, by_hand)
    assert [wall(reader, boot, time) for time in (1.0, 10.0, 50.0)] == [(101.0, False), (110.0, False), (250.0, False)]


times = st.floats(0, 1e6)
corrections_of_a_boot = st.lists(
    st.builds(Correction, time=times, offset=times, synchronised=st.booleans()), max_size=6
)


@settings(max_examples=40)  # each makes a ledger on the disk
@given(corrections_of_a_boot, times)
def test_every_time_has_one_wall_clock_time(
    tmp_path_factory: pytest.TempPathFactory, corrections: list[Correction], time: float
) -> None:
    """However often the clock was corrected, in whatever order that was written: one answer, as the rule has it."""
    ledger = open_ledger(tmp_path_factory.mktemp("wall") / "ledger.sqlite", service=Service.CAPTURE, now=0.0)
    boot, reader = ledger.begin("boot", 0.0), ledger.reader()
    ledger.write(boot, corrections)
    ordered = sorted(corrections, key=lambda each: each.time)
    first = next((each.time for each in ordered if each.synchronised), float("-inf"))
    counting = [each for each in ordered if each.time >= first]
    past = [each for each in counting if each.time <= time]
    last = past[-1] if past else None
    offset = last.offset if last else counting[0].offset if counting else 0.0
    ((answers,),) = reader.rows("SELECT count(*) FROM span WHERE since <= ? AND ? < until", (time, time))
    assert answers == 1
    assert wall(reader, boot, time) == (time + offset, bool(last and last.synchronised))
    reader.close()
    ledger.close()
