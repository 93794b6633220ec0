# SPDX-License-Identifier: GPL-2.0-or-later
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from appliance import limits
from appliance.events import Evidence, Placement
from appliance.report.model import Report
from appliance.report.webpage import page
from tests.report.household import MONDAY, SPEAKERS, household, upload, verdict

VOID = {"meta", "input", "link", "br"}


class Outline(HTMLParser):
    """Collects elements, ids, links and texts, and checks that all that is opened is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element opens."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that holds nothing."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """An element closes: it must be the one opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text between elements."""
        self.text += data.replace("\N{NO-BREAK SPACE}", " ")

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of one name."""
        return [attributes for name, attributes in self.elements if name == tag]


def test_the_page_is_well_formed_and_says_it_all() -> None:
    """The headline, each speaker, each verdict and what was not seen are on the page."""
    outline = Outline(page(household()))
    for said in (
        "Your Office Sonos sent 45 kB at 19:39. Nobody said a word.",
        "Hall Echo Dot",
        "What this could not see",
    ):
        assert said in outline.text
    assert len(outline.named("details")) == len(household().verdicts) + 3
    assert len(outline.named("tr")) == len(household().verdicts) + 1


def test_nothing_is_fetched_and_nothing_runs() -> None:
    """The page needs no network and has no script, and its own policy forbids both."""
    text = page(household())
    outline = Outline(text)
    assert outline.named("script") == outline.named("link") == outline.named("img") == []
    assert not [a for _, a in outline.elements if any(name.startswith("on") for name in a)]
    assert "default-src 'none'" in text
    assert re.findall(r"(?:url\(|@import|src=)\"?(?!data:font/woff2|#|\")[^)\s]*", text) == []


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", "\"'><img src=x onerror=a>", "{{ 7*7 }}", "</style></svg>"]
)
def test_hostile_text_stays_text(evil: str) -> None:
    """Names, hosts and evidence are never markup, wherever they are shown."""
    report = household()
    host = [replace(about, host=evil) for about in report.uploads]
    said = [
        replace(v, evidence=(Evidence("x", evil, evil),), upload=host[0] if v.upload else None) for v in report.verdicts
    ]
    devices = [replace(device, name=evil, model=evil, vendor=evil, by=(evil,)) for device in report.devices]
    hostile = replace(
        report, uploads=host, verdicts=said, devices=devices, placements=[Placement(SPEAKERS[0][0], evil, evil, ())]
    )
    outline, plain = Outline(page(hostile)), Outline(page(report))
    kinds = {name for name, _ in plain.elements}
    assert {name for name, _ in outline.elements} <= kinds
    assert evil in outline.text


def test_links_lead_somewhere() -> None:
    """Each mark's link has its place on the page, and no id is used twice."""
    outline = Outline(page(household(3)))
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {(a["href"] or "")[1:] for a in outline.named("a")} <= set(ids)


def test_pictures_have_their_words() -> None:
    """Each picture has words that say what it shows, or is kept from those who cannot see it."""
    for attributes in Outline(page(household())).named("svg"):
        named = attributes.get("role") == "img" or attributes.get("aria-label")
        assert named or attributes.get("aria-hidden") == "true"


def test_a_report_of_nothing_is_a_page_too() -> None:
    """No capture, no speaker, no verdict: still a page, that says so."""
    assert "Nothing that looks like a voice left the house." in Outline(page(Report([]))).text


def test_a_month_of_verdicts_is_cut_and_counted() -> None:
    """Of too many verdicts the worst are listed, and how many are not is said."""
    many = [verdict("called", upload(SPEAKERS[0][0], None, MONDAY + n)) for n in range(limits.VERDICTS_SHOWN + 10)]
    outline = Outline(page(replace(household(), verdicts=many)))
    assert len(outline.named("tr")) == limits.VERDICTS_SHOWN + 1
    assert "10 quieter events left out" in outline.text


def test_what_is_simulated_says_so() -> None:
    """A household that does not exist says so at the top and at the end."""
    assert "Simulated household" in page(household())
    assert "imulated" not in Outline(page(replace(household(), simulated=False))).text.split("}")[-1]
