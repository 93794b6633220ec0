# SPDX-License-Identifier: GPL-2.0-or-later
from pathlib import Path

from appliance.settings import Https, Paths, Settings, WebSettings
from web.renewal import renew, the_certificates


def test_certificates_are_there_when_they_are_wanted(tmp_path: Path) -> None:
    """They are made when they are asked for first, and are the same afterwards."""
    settings = Settings(paths=Paths(state=tmp_path, run=tmp_path))
    first = the_certificates(settings, 1_800_000_000.0)
    assert first.ca_path.exists()
    assert the_certificates(settings, 1_800_000_100.0) == first


def test_the_job_says_what_there_is(tmp_path: Path) -> None:
    """In words, without encryption too."""
    settings = Settings(paths=Paths(state=tmp_path, run=tmp_path))
    assert renew(settings).startswith("the home's authority is ")
    assert "no encryption" in renew(settings.model_copy(update={"web": WebSettings(https=Https.OFF)}))
