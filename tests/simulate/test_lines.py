# SPDX-License-Identifier: GPL-2.0-or-later
import io

from hypothesis import given
from hypothesis import strategies as st

from appliance.simulate.lines import Lines


@given(st.lists(st.integers(0, 50), max_size=60), st.integers(0, 50))
def test_lines_come_in_order_of_time(times: list[int], until: int) -> None:
    """What belongs before ``until`` is written in order of time, the rest waits."""
    file = io.StringIO()
    lines = Lines(file)
    for time in times:
        lines.tell(time, {"time": time})
    lines.flush(until)
    assert file.getvalue() == "".join(f'{{"time":{time}}}\n' for time in sorted(times) if time < until)
    assert lines.told == len(times)


def test_equal_times_keep_their_order() -> None:
    """Of two lines of one moment, the one told first comes first."""
    file = io.StringIO()
    lines = Lines(file)
    lines.tell(1, {"a": 1})
    lines.tell(1, {"a": 0})
    lines.flush(2)
    assert file.getvalue() == '{"a":1}\n{"a":0}\n'
