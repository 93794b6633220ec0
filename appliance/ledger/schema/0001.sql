-- The ledger. One table per kind of fact and writer; rows are only ever added, and dropped when they are old.
-- Columns are named like the fields of the facts (appliance/events.py). "time" and its kin are steady seconds of one
-- boot; the view "span" leads from there to wall-clock time. Ids grow with time, so readers go on from the last one.

CREATE TABLE boot (
  id INTEGER PRIMARY KEY,
  boot_id TEXT NOT NULL UNIQUE,  -- the kernel's name for this run of the machine
  anchor REAL NOT NULL           -- steady time = CLOCK_BOOTTIME + anchor
) STRICT;

-- The capture's tables.

CREATE TABLE clock (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  offset REAL NOT NULL,
  synchronised INTEGER NOT NULL
) STRICT;

CREATE TABLE device (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  device TEXT NOT NULL,
  speaker TEXT,
  vendor TEXT,
  model TEXT,
  name TEXT,
  confidence REAL NOT NULL,
  "by" TEXT NOT NULL  -- JSON: a list of texts
) STRICT;

CREATE TABLE upload (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  device TEXT NOT NULL,
  proto TEXT NOT NULL,
  device_port INTEGER NOT NULL,
  remote TEXT NOT NULL,
  remote_port INTEGER NOT NULL,
  speaker TEXT,
  host TEXT,
  host_by TEXT NOT NULL,
  role TEXT NOT NULL,
  started_at REAL NOT NULL,
  known_at REAL NOT NULL,
  ended_at REAL,  -- NULL in the row that announces the upload
  bytes_up INTEGER NOT NULL,
  bytes_down INTEGER NOT NULL,
  detectors TEXT NOT NULL,  -- JSON: a list of texts
  signature TEXT,
  confidence REAL NOT NULL
) STRICT;
CREATE INDEX upload_by_start ON upload (boot, started_at);

CREATE TABLE reply (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  device TEXT NOT NULL,
  started_at REAL NOT NULL,
  ended_at REAL NOT NULL,
  bytes_down INTEGER NOT NULL
) STRICT;
CREATE INDEX reply_by_time ON reply (boot, time);

CREATE TABLE loss (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ended_at REAL NOT NULL,
  device TEXT,
  what TEXT NOT NULL,
  missing INTEGER NOT NULL
) STRICT;
CREATE INDEX loss_by_time ON loss (boot, time);

CREATE TABLE capture_coverage (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ended_at REAL NOT NULL,
  source TEXT NOT NULL,
  lost INTEGER NOT NULL
) STRICT;
CREATE INDEX capture_coverage_by_time ON capture_coverage (boot, time);

CREATE TABLE traffic (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  device TEXT NOT NULL,
  role TEXT NOT NULL,
  bytes_up INTEGER NOT NULL,
  bytes_down INTEGER NOT NULL,
  packets INTEGER NOT NULL
) STRICT;
CREATE INDEX traffic_by_time ON traffic (boot, time);

CREATE TABLE name (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  device TEXT NOT NULL,
  address TEXT NOT NULL,
  host TEXT NOT NULL
) STRICT;

CREATE TABLE capture_finding (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ended_at REAL,
  source TEXT NOT NULL,
  kind TEXT NOT NULL,
  device TEXT,
  text TEXT NOT NULL,
  figures TEXT NOT NULL  -- JSON: a list of [key, value, text]
) STRICT;

-- The ears' tables.

CREATE TABLE wake (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ear TEXT NOT NULL,
  word TEXT NOT NULL,
  score REAL NOT NULL,
  near_miss INTEGER NOT NULL
) STRICT;
CREATE INDEX wake_by_time ON wake (boot, time);

CREATE TABLE speech (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ended_at REAL NOT NULL,
  ear TEXT NOT NULL,
  level REAL,
  kind TEXT NOT NULL
) STRICT;
CREATE INDEX speech_by_time ON speech (boot, time);

CREATE TABLE ears_coverage (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ended_at REAL NOT NULL,
  source TEXT NOT NULL,
  lost INTEGER NOT NULL
) STRICT;
CREATE INDEX ears_coverage_by_time ON ears_coverage (boot, time);

CREATE TABLE ears_finding (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ended_at REAL,
  source TEXT NOT NULL,
  kind TEXT NOT NULL,
  device TEXT,
  text TEXT NOT NULL,
  figures TEXT NOT NULL
) STRICT;

-- The hub's tables.

CREATE TABLE verdict (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  verdict TEXT NOT NULL,
  tell TEXT NOT NULL,
  confidence REAL NOT NULL,
  device TEXT,
  upload TEXT,              -- JSON: the upload as it was judged
  wake TEXT,                -- JSON: the wake word that explains it, or that nobody answered
  evidence TEXT NOT NULL,   -- JSON: a list of [key, value, text]
  rules TEXT NOT NULL,
  final INTEGER NOT NULL,
  moment REAL NOT NULL,     -- when the upload started, or the wake word was heard
  about TEXT NOT NULL,      -- the upload's flow, or the wake word's ear and word, with spaces between
  UNIQUE (boot, moment, about, final)
) STRICT;

-- How far the judge has come, so that it goes on from there.
CREATE TABLE hub_coverage (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ended_at REAL NOT NULL,
  source TEXT NOT NULL,
  lost INTEGER NOT NULL
) STRICT;

CREATE TABLE hub_finding (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ended_at REAL,
  source TEXT NOT NULL,
  kind TEXT NOT NULL,
  device TEXT,
  text TEXT NOT NULL,
  figures TEXT NOT NULL
) STRICT;

-- From steady to wall-clock time: wall = time + offset, for since <= time < until. What came before the first
-- synchronised correction takes that correction's offset and is marked; before any correction the anchor stands.
CREATE VIEW span AS
  WITH
    trusted AS (SELECT boot, min(time) AS since FROM clock WHERE synchronised GROUP BY boot),
    counting AS (
      SELECT clock.id, clock.boot, clock.time, clock.offset, clock.synchronised
      FROM clock LEFT JOIN trusted ON trusted.boot = clock.boot
      WHERE clock.time >= coalesce(trusted.since, clock.time)
    ),
    step AS (
      SELECT
        boot.id AS boot,
        -9e999 AS since,
        coalesce((SELECT offset FROM counting WHERE boot = boot.id ORDER BY time, counting.id LIMIT 1), 0.0) AS offset,
        0 AS synchronised,
        0 AS place
      FROM boot
      UNION ALL
      SELECT boot, time, offset, synchronised, id FROM counting
    )
  SELECT
    boot,
    since,
    lead(since, 1, 9e999) OVER (PARTITION BY boot ORDER BY since, place) AS until,
    offset,
    synchronised
  FROM step;
