-- The outbox: messages to people, until they have arrived and a while longer. Times are wall-clock seconds. The hub's
-- tables.

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
CREATE INDEX message_by_channel ON message (channel, updated);
CREATE INDEX message_by_state ON message (state, due);

-- Up to which row each table of facts has been made messages of.
CREATE TABLE heralded (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL UNIQUE,
  last INTEGER NOT NULL
) STRICT;
