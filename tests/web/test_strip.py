# SPDX-License-Identifier: GPL-2.0-or-later
from datetime import UTC
from xml.etree import ElementTree as ET

import pytest

from appliance.report.spans import Span
from web.strip import strip

DAY = Span(1_781_395_200.0, 1_781_481_600.0)


def test_each_ear_has_its_strip() -> None:
    """Where it listened, where only the network was watched, and how it is called: escaped, whatever its name is."""
    half = Span(DAY.start, DAY.start + 43_200)
    drawings = strip({"<b>mic</b>": [half], "other": []}, [DAY], DAY, UTC)
    assert len(drawings) == 2
    for drawing in drawings:
        svg = ET.fromstring(drawing)  # noqa: S314 - our own drawing
        (heard,) = [rect for rect in svg.iter("rect") if rect.get("class") == "heard"]
        lanes = [rect for rect in svg.iter("rect") if rect.get("class") == "lane"]
        assert float(heard.get("width", "")) == pytest.approx(float(lanes[0].get("width", "")) / 2, abs=0.1)
        assert len([rect for rect in svg.iter("rect") if rect.get("class") == "blind"]) == len(lanes) == 2
        assert "<b>" not in drawing


def test_without_ears_there_is_nothing_to_draw() -> None:
    """No empty picture."""
    assert strip({}, [DAY], DAY, UTC) == []
