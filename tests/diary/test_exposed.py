# SPDX-License-Identifier: GPL-2.0-or-later
from contextlib import closing
from pathlib import Path

from appliance.diary.exposed import Exposed, exposed
from appliance.events import Correction, Exposure, ExposureKind, Service
from appliance.ledger import open_ledger

ECHO = "02:00:00:00:00:01"


def test_each_thing_is_told_once_with_its_first_and_last_sight(tmp_path: Path) -> None:
    """Rows of several days and boots come together, by the clock on the wall."""
    with closing(open_ledger(tmp_path / "ledger.sqlite", service=Service.CAPTURE, now=0.0)) as ledger:
        for boot, offset in ((ledger.begin("one", 0.0), 1000.0), (ledger.begin("two", 0.0), 5000.0)):
            ledger.write(
                boot,
                [
                    Correction(0.0, offset, synchronised=True),
                    Exposure(10.0, ECHO, ExposureKind.TLS, "TLS 1.2"),
                    Exposure(20.0, ECHO, ExposureKind.TLS, "TLS 1.2"),
                ],
            )
        ledger.write(boot, [Exposure(30.0, ECHO, ExposureKind.DNS, ""), Exposure(30.0, "other", ExposureKind.DNS, "")])
        with closing(ledger.reader()) as reader:
            assert exposed(reader, ECHO) == [
                Exposed(ExposureKind.DNS, "", 5030.0, 5030.0),
                Exposed(ExposureKind.TLS, "TLS 1.2", 1010.0, 5020.0),
            ]
