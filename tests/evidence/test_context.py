# SPDX-License-Identifier: GPL-2.0-or-later
import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.events import Proof
from appliance.evidence import Context, ContextError, read_context
from appliance.evidence.context import context_of
from appliance.limits import EVIDENCE_CONTEXT_BYTES, EVIDENCE_FLOWS, NAME_LENGTH
from appliance.uploads import KnownFlow
from tests.evidence.facts import DEVICE, FLOW, KNOWN, OTHER, UPLOAD

HOUR = 3600.0


def said(**changes: object) -> str:
    """Return a context's line with some of it changed."""
    return json.dumps(json.loads(context_of(UPLOAD, KNOWN, "boot", HOUR).line()) | changes)


def test_what_is_written_is_read() -> None:
    """Device, flows with the upload's first, and times on the wall come back from the one line."""
    line = context_of(UPLOAD, KNOWN, "boot", HOUR).line()
    assert "\n" not in line
    context = read_context(["what it is", line])
    assert context == context_of(UPLOAD, KNOWN, "boot", HOUR)
    before = context.recollection()
    assert (before.device, before.booted_at) == (replace(DEVICE, time=0.0), 800.0 + HOUR)
    assert before.flows == (
        KnownFlow(FLOW, "avs.example", Proof.SNI, 1000.4 + HOUR, None),
        KnownFlow(OTHER, "metrics.example", Proof.DNS, None, 850.0 + HOUR),
    )


def test_what_the_upload_taught_was_not_known_before() -> None:
    """A flow that was learnt after the upload was known was no voice flow when it was found."""
    known = KNOWN._replace(flows=(KnownFlow(FLOW, None, Proof.NONE, 1005.0, None),))
    assert [flow.learnt_at for flow in context_of(UPLOAD, known, "boot", 0.0).flows] == [None]


@given(st.text(max_size=300), st.text(alphabet='"\\ä', max_size=NAME_LENGTH))
def test_whatever_devices_are_called_it_is_read(name: str, reason: str) -> None:
    """Text of the network never makes a context that cannot be read, and never one of two lines."""
    known = KNOWN._replace(device=replace(DEVICE, name=name, by=(reason,)))
    line = context_of(UPLOAD, known, "boot", 0.0).line()
    assert len(line.splitlines()) == 1
    assert read_context([line]) is not None


def test_it_fits_into_a_comment() -> None:
    """However many flows with whatever names there are, the line is in bounds and begins with the upload's flow."""
    flows = [KnownFlow(OTHER._replace(device_port=port), '"' * 253, Proof.DNS, None, None) for port in range(500)]
    known = KNOWN._replace(flows=(*flows, KNOWN.flows[1]))
    context = read_context([context_of(UPLOAD, known, "boot", 0.0).line()])
    assert context is not None
    assert 1 < len(context.flows) <= EVIDENCE_FLOWS
    assert context.flows[0].host == "avs.example"


def test_comments_of_others_are_none_of_ours() -> None:
    """A file of somebody else says nothing to us, whatever it says."""
    assert read_context([]) is None
    assert read_context(["", "{", '{"earwitnesses": 1}', "simulated household"]) is None


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"earwitness":', "Invalid JSON"),
        ('{"earwitness":' + "[" * 20_000, "Invalid JSON"),
        ('{"earwitness":"evidence"}', "version: Field required"),
        ('{"earwitness":"' + "x" * EVIDENCE_CONTEXT_BYTES + '"}', "longer than"),
        (said(version=2), "version"),
        (said(path="/etc/passwd"), "path: Extra inputs"),
        (said(flows=[]), "flows"),
        (said(offset=float("nan")), "offset"),
        (said(boot="a\x1b[31mb"), "boot"),
        (said(device="x"), "device"),
    ],
)
def test_what_cannot_be_ours_is_refused(line: str, problem: str) -> None:
    """A line that claims to be a context and is not one is refused, with what is wrong, fit for a terminal."""
    with pytest.raises(ContextError) as refused:
        read_context([line.replace('{"earwitness": ', '{"earwitness":')])
    assert problem in str(refused.value)
    assert str(refused.value).isprintable()


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda it: st.lists(it) | st.dictionaries(st.text(), it)
    )
)
def test_anything_is_a_context_or_refused(value: object) -> None:
    """Any JSON in any place of the line gives a context or the one error."""
    for place in ("device", "upload", "flows", "boot", "offset"):
        line = said(**{place: value}).replace('{"earwitness": ', '{"earwitness":')
        with suppress(ContextError):
            assert isinstance(read_context([line]), Context)
