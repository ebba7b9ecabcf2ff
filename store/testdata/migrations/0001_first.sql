-- What a migration may hold: comments; with semicolons, and 'quotes'.
CREATE TABLE shifts (
    id     TEXT   PRIMARY KEY,
    name   TEXT   NOT NULL DEFAULT 'nobody; yet', -- a ; inside quotes
    oncall BOOLEAN NOT NULL DEFAULT FALSE,
    at     BIGINT,
    facts  TEXT   NOT NULL DEFAULT '{}'
);
CREATE INDEX shifts_oncall ON shifts (id) WHERE oncall;
/* a row that
   the second file must find; */
INSERT INTO shifts (id, name) VALUES ('it''s', 'Ann');
CREATE TABLE calls (
    id       TEXT PRIMARY KEY,
    shift_id TEXT NOT NULL REFERENCES shifts (id)
);
