-- Keeps every shift: the new column says who took it.
ALTER TABLE shifts ADD COLUMN taker TEXT NOT NULL DEFAULT '';
UPDATE shifts SET taker = name WHERE id = 'it''s';
CREATE UNIQUE INDEX shifts_taker ON shifts (taker) WHERE taker <> '';
