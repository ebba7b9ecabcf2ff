package app

import (
	"context"
	"strings"
	"testing"

	"candor/record"
	"candor/store"
	"candor/store/storetest"
)

// B16: whatever is altered in the audit behind our back is found, and the line is named.
func TestB16WhateverIsAlteredInTheAuditIsFound(t *testing.T) {
	t.Parallel()
	for name, alter := range map[string]struct {
		by   func(r *recorded)
		says string
	}{
		"who did it":          {func(r *recorded) { r.tamper(`UPDATE audit SET person = 'per_x' WHERE number = 3`) }, "what was hashed"},
		"what it was before":  {func(r *recorded) { r.tamper(`UPDATE audit SET after = '{}' WHERE number = 3`) }, "was changed"},
		"a line taken away":   {func(r *recorded) { r.tamper(`DELETE FROM audit WHERE number = 3`) }, "missing"},
		"the last line":       {func(r *recorded) { r.tamper(`DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)`) }, "were signed"},
		"a line emptied":      {func(r *recorded) { r.tamper(`UPDATE audit SET after = '', salt = '' WHERE number = 3`) }, "blacked out"},
		"two lines exchanged": {func(r *recorded) { r.exchange(3, 4) }, "moved"},
		"a line slipped in":   {func(r *recorded) { r.slipIn(3) }, "what was hashed"},
		"all of it, and the signature": {func(r *recorded) {
			r.tamper(`UPDATE audit SET person = 'per_x' WHERE number = 3`)
			r.resign()
		}, "head the public record showed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRecorded(t, storetest.SQLite(t))
			alter.by(r)
			found, err := VerifyAudit(t.Context(), r.url)
			if err != nil || !strings.Contains(found.Difference, alter.says) {
				t.Errorf("it says %+v, %v; want %q", found, err, alter.says)
			}
			if strings.Contains(alter.says, "hashed") && found.Line != 3 {
				t.Errorf("it names line %d, want 3", found.Line)
			}
		})
	}
}

func (r *recorded) exchange(a, b int) {
	r.t.Helper()
	r.tamper(`UPDATE audit SET number = -1 WHERE number = $1`, a)
	r.tamper(`UPDATE audit SET number = $2 WHERE number = $1`, b, a)
	r.tamper(`UPDATE audit SET number = $1 WHERE number = -1`, b)
}

func (r *recorded) slipIn(at int) {
	r.t.Helper()
	r.tamper(`UPDATE audit SET number = -number - 1 WHERE number >= $1`, at)
	r.tamper(`UPDATE audit SET number = -number WHERE number < 0`)
	r.tamper(`INSERT INTO audit (id, at, person, via, ip, act, object, before, after, salt, seal, number)
		SELECT 'aud_x', at, person, via, ip, act, object, before, after, salt, seal, $1 FROM audit WHERE number = 1`, at)
}

// resign makes the audit's tree and signature anew, as somebody who has the database and its key can.
func (r *recorded) resign() {
	r.t.Helper()
	r.write(func(ctx context.Context, tx *store.Tx) error {
		lines, err := tx.Audit.Chained(ctx, 0, 5000)
		if err != nil {
			return err
		}
		tree, err := record.Grow(0, nil)
		if err != nil {
			return err
		}
		for _, l := range lines {
			entry, err := l.Entry()
			if err != nil {
				return err
			}
			tree.Append(record.HashOf(entry))
		}
		if err := tx.Trees.Save(ctx, store.AuditLog, tree.Changed()); err != nil {
			return err
		}
		key, err := tx.Instance.Value(ctx, store.RecordKey)
		if err != nil {
			return err
		}
		root, err := tree.Root()
		if err != nil {
			return err
		}
		signed, err := record.Head{Origin: record.Key(key).Origin() + "/audit", Size: tree.Size(), Root: root}.Sign(record.Key(key))
		if err != nil {
			return err
		}
		r.resigned = signed
		return nil
	})
	r.tamper(`UPDATE heads SET checkpoint = $1 WHERE log = 'audit' AND size = (SELECT max(size) FROM heads WHERE log = 'audit')`, r.resigned)
}
