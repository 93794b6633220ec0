-- What a speaker let others read: how it protects what it sends, what it sends in plain text, identifiers that it
-- tells. One row for each thing when it is first seen, and one a day while it goes on. The capture's table.

CREATE TABLE exposure (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  time REAL NOT NULL,
  device TEXT NOT NULL,
  kind TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT;
