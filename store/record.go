package store

import (
	"context"
	"encoding/json"
	"time"

	"candor/id"
	"candor/record"
)

// Record is the public record: every public fact once, appended in the transaction of the act that made it. What incidents, updates, promises
// and intervals say is written down by their own tables, so that no act can forget it; whoever keeps public facts elsewhere calls Add.
type Record struct{ tx *Tx }

// Add writes facts down that are not written down yet. Their numbers come within a second, from whoever holds the lease: numbering here
// would make every act wait for every other.
func (r Record) Add(ctx context.Context, facts ...record.Fact) (err error) {
	defer wrap(&err, "write %d facts down", len(facts))
	for part := range parts(r.tx, facts, 5) {
		args, opened := make([]any, 0, 5*len(part)), make(map[id.Leaf]opening, len(part))
		for _, f := range part {
			entry, openings, err := record.Write(f)
			if err != nil {
				return err
			}
			leaf := id.New[id.Leaf](f.At)
			args = append(args, leaf, f.Key, f.Kind, instant(f.At), entry)
			if openings != nil {
				opened[leaf] = opening{leaf, f.About, openings}
			}
		}
		added, err := many(ctx, r.tx, value[id.Leaf], `INSERT INTO leaves (id, fact, kind, at, entry)
			VALUES `+rowsOf(len(part), 5)+`
			ON CONFLICT (fact) DO NOTHING
			RETURNING id`, args...)
		if err != nil {
			return err
		}
		if err := r.open(ctx, added, opened); err != nil {
			return err
		}
	}
	return nil
}

type opening struct {
	leaf  id.Leaf
	about string
	body  record.Openings
}

func (r Record) open(ctx context.Context, added []id.Leaf, opened map[id.Leaf]opening) error {
	var all []opening
	for _, leaf := range added {
		if o, ok := opened[leaf]; ok {
			all = append(all, o)
		}
	}
	for part := range parts(r.tx, all, 3) {
		args := make([]any, 0, 3*len(part))
		for i := range part {
			args = append(args, part[i].leaf, part[i].about, asJSON(&part[i].body))
		}
		if err := exec(ctx, r.tx, `INSERT INTO openings (leaf, about, body) VALUES `+rowsOf(len(part), 3), args...); err != nil {
			return err
		}
	}
	return nil
}

// Erase destroys the openings about something whose words are not to be kept, and says whether there were any: the leaves stay, and nobody
// can learn any more what they held.
func (r Record) Erase(ctx context.Context, about string, keep func(words string) bool) (erased bool, err error) {
	defer wrap(&err, "erase words about %s from the record", about)
	read := func(scan scan) (o opening, err error) {
		err = scan(&o.leaf, &o.about, asJSON(&o.body))
		return o, err
	}
	all, err := many(ctx, r.tx, read, `SELECT leaf, about, body FROM openings WHERE about = $1 ORDER BY leaf LIMIT 10000`, about)
	if err != nil {
		return false, err
	}
	for _, o := range all {
		before := len(o.body)
		for name, x := range o.body {
			if !keep(x.Words) {
				delete(o.body, name)
			}
		}
		if len(o.body) == before {
			continue
		}
		if err := exec(ctx, r.tx, `UPDATE openings SET body = $2 WHERE leaf = $1`, o.leaf, asJSON(&o.body)); err != nil {
			return false, err
		}
		erased = true
	}
	return erased, nil
}

// A Leaf is one entry with what of its seals can be opened, as the log is served.
type Leaf struct {
	Number int64
	At     time.Time
	Entry  []byte
	Opened record.Openings
}

// Leaves are the numbered ones in [from, until), in their order.
func (r Record) Leaves(ctx context.Context, from, until int64) (_ []Leaf, err error) {
	defer wrap(&err, "read the entries from %d", from)
	read := func(scan scan) (l Leaf, err error) {
		var body *string
		if err = scan(&l.Number, (*instant)(&l.At), &l.Entry, &body); err == nil && body != nil {
			err = json.Unmarshal([]byte(*body), &l.Opened)
		}
		return l, err
	}
	return many(ctx, r.tx, read, `SELECT l.number, l.at, l.entry, o.body
		FROM leaves l LEFT JOIN openings o ON o.leaf = l.id
		WHERE l.number >= $1 AND l.number < $2
		ORDER BY l.number
		LIMIT 5000`, from, until)
}

// Opened are what the seals of the leaves in [from, until) hold, by number, as JSON: what is kept is what is shown.
func (r Record) Opened(ctx context.Context, from, until int64) (_ map[int64]json.RawMessage, err error) {
	defer wrap(&err, "read the openings from %d", from)
	all := map[int64]json.RawMessage{}
	_, err = many(ctx, r.tx, func(scan scan) (struct{}, error) {
		var number int64
		var body string
		err := scan(&number, &body)
		if body != "{}" {
			all[number] = json.RawMessage(body)
		}
		return struct{}{}, err
	}, `SELECT l.number, o.body
		FROM leaves l JOIN openings o ON o.leaf = l.id
		WHERE l.number >= $1 AND l.number < $2
		ORDER BY l.number
		LIMIT 5000`, from, until)
	return all, err
}

// Entries are the numbered ones in [from, until), in their order, without what they hold.
func (r Record) Entries(ctx context.Context, from, until int64) (_ []Leaf, err error) {
	defer wrap(&err, "read the entries from %d", from)
	read := func(scan scan) (l Leaf, err error) {
		err = scan(&l.Number, &l.Entry)
		return l, err
	}
	return many(ctx, r.tx, read, `SELECT number, entry FROM leaves
		WHERE number >= $1 AND number < $2
		ORDER BY number
		LIMIT 5000`, from, until)
}

// Pending are entries that have no number yet: those of the last second.
func (r Record) Pending(ctx context.Context) (_ [][]byte, err error) {
	defer wrap(&err, "read the entries without a number")
	return many(ctx, r.tx, value[[]byte], `SELECT entry FROM leaves WHERE number IS NULL ORDER BY id LIMIT 2000`)
}
