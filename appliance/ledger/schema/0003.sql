-- What was forgotten because the owner asked: stretches of wall-clock time from whose silence nothing follows. The
-- hub's table.

CREATE TABLE forgotten (
  id INTEGER PRIMARY KEY,
  since REAL NOT NULL,     -- wall-clock seconds
  until REAL NOT NULL,
  asked_at REAL NOT NULL,
  UNIQUE (since, until, asked_at)
) STRICT;

-- The highest id that a table had when its newest rows were forgotten: ids grow for ever.
CREATE TABLE floor (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  last INTEGER NOT NULL
) STRICT;
