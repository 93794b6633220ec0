# SPDX-License-Identifier: GPL-2.0-or-later
"""Where services go on after they, or the machine, were started again."""

from appliance.events import Finding, Service, Upload
from appliance.ledger.reader import Reader
from appliance.ledger.rows import COVERAGES, FINDINGS, UPLOAD
from appliance.ledger.wall import wall
from appliance.limits import JUDGE_MEMORY_S

_DAY_S = 86_400.0

_COMPLETED = """
EXISTS (
  SELECT 1 FROM upload AS later
  WHERE later.boot = upload.boot AND later.started_at = upload.started_at AND later.ended_at IS NOT NULL
    AND (later.device, later.proto, later.device_port, later.remote, later.remote_port)
      = (upload.device, upload.proto, upload.device_port, upload.remote, upload.remote_port)
)"""

_JUDGED = """
EXISTS (
  SELECT 1 FROM verdict
  WHERE verdict.boot = upload.boot AND verdict.moment = upload.started_at AND verdict.final
    AND verdict.about = upload.device || ' ' || upload.proto || ' ' || upload.device_port || ' ' || upload.remote
      || ' ' || upload.remote_port
)"""


def reached(reader: Reader, boot: int, service: Service) -> float:
    """Return up to when the service's coverage of this boot reaches (the hub's: its judging), in steady seconds.

    Minus infinity if there is none; of the ears, the one that reaches furthest.
    """
    table = COVERAGES[service].name
    ((last,),) = reader.rows(f"SELECT max(ended_at) FROM {table} WHERE boot = ?", (boot,))
    return float("-inf") if last is None else float(last)


def ears_reached(reader: Reader, boot: int) -> dict[str, float]:
    """Return up to when the coverage of each ear of this boot reaches, in steady seconds."""
    table = COVERAGES[Service.EARS].name
    return dict(reader.rows(f"SELECT source, max(ended_at) FROM {table} WHERE boot = ? GROUP BY source", (boot,)))


def unfinished(reader: Reader) -> list[tuple[int, Upload]]:
    """Return the uploads, with their boots, that were announced and never completed, for the capture as it starts."""
    ids = f"SELECT id FROM upload WHERE ended_at IS NULL AND NOT {_COMPLETED}"
    boots = dict(reader.rows(f"SELECT id, boot FROM upload WHERE id IN ({ids})"))
    return [(boots[id_], upload) for id_, upload in reader.facts(UPLOAD, f"WHERE id IN ({ids}) ORDER BY id")]


def unjudged(reader: Reader) -> dict[int, float]:
    """Return for each boot with uploads that have no final verdict the start of the first of them."""
    query = f"SELECT boot, min(started_at) FROM upload WHERE NOT {_JUDGED} GROUP BY boot"
    return dict(reader.rows(query))


def resume_point(reader: Reader, boot: int) -> float:
    """Return the steady time from which on the judge must be fed facts of this boot, to go on where it stood."""
    return min(reached(reader, boot, Service.HUB), unjudged(reader).get(boot, float("inf"))) - JUDGE_MEMORY_S


def open_findings(reader: Reader, boot: int, service: Service) -> list[Finding]:
    """Return the findings of this boot that a service told and did not end yet, oldest first."""
    found: dict[tuple[str, str | None, float], Finding] = {}
    for _, finding in reader.facts(FINDINGS[service], "WHERE boot = ? ORDER BY id", (boot,)):
        key = (finding.kind, finding.device, finding.time)
        if finding.ended_at is None:
            found[key] = finding
        else:
            found.pop(key, None)
    return list(found.values())


def false_wakes(reader: Reader, boot: int, before: float) -> list[tuple[str, float]]:
    """Return device and start of each upload judged a false wake in the 24 hours up to ``before``, of whatever boot.

    Times are steady ones of ``boot``; those of other boots come to it by their wall-clock time.
    """
    end = wall(reader, boot, before).time
    return reader.rows(
        """
        SELECT verdict.device, moment + span.offset - ? FROM span CROSS JOIN verdict ON verdict.boot = span.boot
        WHERE final AND verdict = 'false_wake' AND verdict.device IS NOT NULL
          AND moment >= since AND moment < until AND moment >= ? - span.offset AND moment < ? - span.offset
        ORDER BY 2
        """,
        (end - before, end - _DAY_S, end),
    )
