package store

import (
	"context"
	"encoding/hex"
	"time"

	"candor/record"
)

// A ChainedLine is a line of the audit as the private log holds it.
type ChainedLine struct {
	AuditLine
	Number int64
	salt   string
	seal   string
}

const chainedColumns = `number, id, at, person, via, ip, act, object, before, after, salt, seal`

func readChained(scan scan) (l ChainedLine, err error) {
	err = scan(&l.Number, &l.ID, (*instant)(&l.At), &l.Person, &l.Via, &l.IP, &l.Act, &l.Object, &l.Before, &l.After, &l.salt, &l.seal)
	return l, err
}

// Entry is the line as it was hashed.
func (l ChainedLine) Entry() ([]byte, error) {
	a := record.Act{
		ID: string(l.ID), Person: string(l.Person), Via: l.Via, IP: l.IP, Act: l.Act, Object: l.Object, At: l.At,
	}
	if err := a.Seal.UnmarshalText([]byte(l.seal)); err != nil {
		return nil, err
	}
	return a.Entry()
}

// Erased reports whether a blackout changed what the line was before and after; then they cannot be compared with the seal any more.
func (l ChainedLine) Erased() bool { return l.salt == "" }

// Opens reports whether before and after are what was sealed.
func (l ChainedLine) Opens() bool {
	salt, err := hex.DecodeString(l.salt)
	if err != nil {
		return false
	}
	var s record.Seal
	if err := s.UnmarshalText([]byte(l.seal)); err != nil {
		return false
	}
	return record.Opening{Salt: salt, Words: l.words()}.Opens("audit", s)
}

// Number gives the oldest lines without a number theirs, as Record.Number does.
func (v Audit) Number(ctx context.Context, first int64, most int) (entries [][]byte, err error) {
	defer wrap(&err, "number the audit from %d", first)
	lines, err := many(ctx, v.tx, readChained, `WITH picked AS MATERIALIZED (
			SELECT id AS line, row_number() OVER (ORDER BY id) AS place FROM audit WHERE number IS NULL ORDER BY id LIMIT $2)
		UPDATE audit SET number = CAST($1 AS BIGINT) + picked.place - 1
		FROM picked
		WHERE audit.id = picked.line AND +audit.number IS NULL
		RETURNING `+chainedColumns, first, most)
	if err != nil {
		return nil, err
	}
	rows := make([]Leaf, len(lines))
	for i, l := range lines {
		rows[i].Number = l.Number
		if rows[i].Entry, err = l.Entry(); err != nil {
			return nil, err
		}
	}
	return inOrder(rows, first, nil)
}

// Chained are the numbered lines from one number on, in their order.
func (v Audit) Chained(ctx context.Context, from int64, limit int) (_ []ChainedLine, err error) {
	defer wrap(&err, "read the audit from line %d", from)
	return many(ctx, v.tx, readChained, `SELECT `+chainedColumns+` FROM audit WHERE number >= $1 ORDER BY number LIMIT $2`, from, limit)
}

// AuditShown is when a head of the audit was written into the public record last; zero if never.
func (r Record) AuditShown(ctx context.Context) (_ time.Time, err error) {
	defer wrap(&err, "find the last head of the audit")
	at, err := many(ctx, r.tx, value[instant], `SELECT at FROM leaves WHERE kind = 'audit' ORDER BY at DESC, id DESC LIMIT 1`)
	if len(at) == 0 {
		return time.Time{}, err
	}
	return time.Time(at[0]), err
}

// AuditHeads are the heads of the audit that the public record shows, oldest first.
func (r Record) AuditHeads(ctx context.Context) (heads []record.Head, err error) {
	defer wrap(&err, "read the heads of the audit")
	entries, err := many(ctx, r.tx, value[[]byte], `SELECT entry FROM leaves WHERE kind = 'audit' ORDER BY at, id LIMIT 20000`)
	for _, raw := range entries {
		h, err := record.AuditHead(raw)
		if err != nil {
			return nil, err
		}
		heads = append(heads, h)
	}
	return heads, err
}
