# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from pathlib import Path

from appliance.calibration.notes import notes
from appliance.events import Coverage, Service
from appliance.ledger import open_ledger
from tests.calibration.acts import DOT, said, sent, talked


def test_what_happened_since_the_first_question_is_there(tmp_path: Path) -> None:
    """Uploads of every device, words and speech of that boot; what was before, or much later, or in another, is not."""
    path = tmp_path / "ledger.sqlite"
    with closing(open_ledger(path, service=Service.CAPTURE, now=0.0)) as capture:
        boot, other = capture.begin("this", 0.0), capture.begin("other", 0.0)
        capture.write(boot, [*sent(50.0), *sent(100.0), *sent(101.0, device=DOT), *sent(9000.0)])
        capture.write(other, sent(100.0))
    with closing(open_ledger(path, service=Service.EARS, now=0.0)) as ears:
        ears.write(boot, [said(50.0), said(99.5), talked(100.0), Coverage(0.0, 200.0, "kitchen")])
        with closing(ears.reader()) as reader:
            found = list(notes(reader, "this", 99.0))
            assert list(notes(reader, "nobody", 99.0)) == []
    assert found == [*sent(100.0), *sent(101.0, device=DOT), said(99.5), talked(100.0)]
