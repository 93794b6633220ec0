BEGIN TRANSACTION;
CREATE TABLE boot (
  id INTEGER PRIMARY KEY,
  boot_id TEXT NOT NULL UNIQUE,  -- the kernel's name for this run of the machine
  anchor REAL NOT NULL           -- steady time = CLOCK_BOOTTIME + anchor
) STRICT;
INSERT INTO "boot" VALUES(1,'this-boot',0.0);
CREATE TABLE capture_coverage (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ended_at REAL NOT NULL,
  source TEXT NOT NULL,
  lost INTEGER NOT NULL
) STRICT;
INSERT INTO "capture_coverage" VALUES(1,1,0.0,300.0,'capture',3);
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
INSERT INTO "capture_finding" VALUES(1,1,50.0,NULL,'capture','frames-lost','02:00:00:00:00:01','3 frames were lost.','[["lost",3,"3."]]');
INSERT INTO "capture_finding" VALUES(2,1,50.0,55.0,'capture','frames-lost','02:00:00:00:00:01','3 frames were lost.','[["lost",3,"3."]]');
CREATE TABLE clock (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  offset REAL NOT NULL,
  synchronised INTEGER NOT NULL
) STRICT;
INSERT INTO "clock" VALUES(1,1,20.0,3600.5,1);
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
INSERT INTO "device" VALUES(1,1,10.0,'02:00:00:00:00:01','amazon-echo','amazon','Echo Dot','Küche',0.9,'["DHCP host name amazon-0","talks"]');
CREATE TABLE ears_coverage (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ended_at REAL NOT NULL,
  source TEXT NOT NULL,
  lost INTEGER NOT NULL
) STRICT;
INSERT INTO "ears_coverage" VALUES(1,1,0.0,300.0,'kitchen',0);
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
INSERT INTO "ears_finding" VALUES(1,1,50.0,NULL,'ears','ear-flat','kitchen','3 frames were lost.','[]');
CREATE TABLE exposure (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  device TEXT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT;
INSERT INTO "exposure" VALUES(1,1,12.0,'02:00:00:00:00:01','tls','TLS 1.2');
CREATE TABLE floor (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  last INTEGER NOT NULL
) STRICT;
CREATE TABLE forgotten (
  id INTEGER PRIMARY KEY,
  since REAL NOT NULL,     -- wall-clock seconds
  until REAL NOT NULL,
  asked_at REAL NOT NULL,
  UNIQUE (since, until, asked_at)
) STRICT;
CREATE TABLE heralded (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL UNIQUE,
  last INTEGER NOT NULL
) STRICT;
CREATE TABLE hub_coverage (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ended_at REAL NOT NULL,
  source TEXT NOT NULL,
  lost INTEGER NOT NULL
) STRICT;
INSERT INTO "hub_coverage" VALUES(1,1,0.0,300.0,'hub',0);
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
INSERT INTO "hub_finding" VALUES(1,1,50.0,NULL,'hub','clock-stepped',NULL,'3 frames were lost.','[["lost",3,"3."]]');
CREATE TABLE loss (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ended_at REAL NOT NULL,
  device TEXT,
  what TEXT NOT NULL,
  missing INTEGER NOT NULL
) STRICT;
INSERT INTO "loss" VALUES(1,1,49.0,49.5,NULL,'frames',3);
CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL,
  key TEXT NOT NULL,       -- names it to whoever receives it: a double, and an update, have the key of the first
  form TEXT NOT NULL,
  tell TEXT NOT NULL,
  created REAL NOT NULL,
  updated REAL NOT NULL,
  due REAL NOT NULL,
  expires REAL NOT NULL,
  state TEXT NOT NULL,
  news TEXT NOT NULL,      -- JSON: a list of what happened
  count INTEGER NOT NULL,
  version INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  acknowledged INTEGER NOT NULL,
  problem TEXT NOT NULL
) STRICT;
CREATE TABLE name (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  device TEXT NOT NULL,
  address TEXT NOT NULL,
  host TEXT NOT NULL
) STRICT;
INSERT INTO "name" VALUES(1,1,11.0,'02:00:00:00:00:01','192.0.2.1','bob-dispatch-prod-eu.amazon.com');
CREATE TABLE reply (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  device TEXT NOT NULL,
  started_at REAL NOT NULL,
  ended_at REAL NOT NULL,
  bytes_down INTEGER NOT NULL
) STRICT;
INSERT INTO "reply" VALUES(1,1,104.0,'02:00:00:00:00:01',103.5,106.0,40000);
CREATE TABLE speech (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ended_at REAL NOT NULL,
  ear TEXT NOT NULL,
  level REAL,
  kind TEXT NOT NULL
) STRICT;
INSERT INTO "speech" VALUES(1,1,99.6,102.0,'kitchen',-31.5,'speech');
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
INSERT INTO "traffic" VALUES(1,1,60.0,'02:00:00:00:00:01','voice',61000,40000,120);
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
INSERT INTO "upload" VALUES(1,1,100.75,'02:00:00:00:00:01','tcp',40000,'192.0.2.1',443,'amazon-echo','bob-dispatch-prod-eu.amazon.com','dns','voice',100.25,100.75,NULL,20000,1000,'["cadence"]','opus-20',0.9);
INSERT INTO "upload" VALUES(2,1,105.25,'02:00:00:00:00:01','tcp',40000,'192.0.2.1',443,'amazon-echo','bob-dispatch-prod-eu.amazon.com','dns','voice',100.25,100.75,103.25,61000,1000,'["cadence"]','opus-20',0.9);
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
INSERT INTO "verdict" VALUES(1,1,101.75,'called','nobody',0.9,'02:00:00:00:00:01','[100.75,"02:00:00:00:00:01","tcp",40000,"192.0.2.1",443,"amazon-echo","bob-dispatch-prod-eu.amazon.com","dns","voice",100.25,100.75,null,20000,1000,"[\"cadence\"]","opus-20",0.9]',NULL,'[["reason","called","Because."]]','2026.11',0,100.25,'02:00:00:00:00:01 tcp 40000 192.0.2.1 443');
INSERT INTO "verdict" VALUES(2,1,106.25,'called','nobody',0.9,'02:00:00:00:00:01','[105.25,"02:00:00:00:00:01","tcp",40000,"192.0.2.1",443,"amazon-echo","bob-dispatch-prod-eu.amazon.com","dns","voice",100.25,100.75,103.25,61000,1000,"[\"cadence\"]","opus-20",0.9]','[99.5,"kitchen","alexa",0.93,0]','[["reason","called","Because."]]','2026.11',1,100.25,'02:00:00:00:00:01 tcp 40000 192.0.2.1 443');
INSERT INTO "verdict" VALUES(3,1,206.0,'silent_speaker','nobody',0.8,'02:00:00:00:00:01',NULL,'[200.0,"kitchen","alexa",0.8,0]','[]','2026.11',1,200.0,'kitchen alexa');
CREATE TABLE wake (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  ear TEXT NOT NULL,
  word TEXT NOT NULL,
  score REAL NOT NULL,
  near_miss INTEGER NOT NULL
) STRICT;
INSERT INTO "wake" VALUES(1,1,99.5,'kitchen','alexa',0.93,0);
CREATE INDEX upload_by_start ON upload (boot, started_at);
CREATE INDEX reply_by_time ON reply (boot, time);
CREATE INDEX loss_by_time ON loss (boot, time);
CREATE INDEX capture_coverage_by_time ON capture_coverage (boot, time);
CREATE INDEX traffic_by_time ON traffic (boot, time);
CREATE INDEX wake_by_time ON wake (boot, time);
CREATE INDEX speech_by_time ON speech (boot, time);
CREATE INDEX ears_coverage_by_time ON ears_coverage (boot, time);
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
CREATE INDEX message_by_channel ON message (channel, updated);
CREATE INDEX message_by_state ON message (state, due);
COMMIT;
PRAGMA application_id = 1164014199;
PRAGMA user_version = 4;
