package app

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"candor/desk"
	"candor/incident"
	"candor/record"
	"candor/record/verify"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// T24: whatever is altered behind our back is found, and the place is named.
func TestT24WhateverIsAlteredIsFound(t *testing.T) {
	t.Parallel()
	for name, alter := range map[string]struct {
		by   func(r *recorded)
		says []string
	}{
		"a bit of an entry": {func(r *recorded) { r.tamper(alterEntry, "update "+string(r.first.Code)) }, []string{"the record, entry", "was changed"}},
		"a row deleted": {func(r *recorded) {
			r.tamper(`DELETE FROM leaves WHERE number = (SELECT max(number) FROM leaves WHERE id NOT IN (SELECT leaf FROM openings))`)
		}, []string{"the record, entry", "missing"}},
		"two rows that changed places": {func(r *recorded) {
			r.tamper(`UPDATE leaves SET number = 1000 WHERE number = 4`)
			r.tamper(`UPDATE leaves SET number = 4 WHERE number = 6`)
			r.tamper(`UPDATE leaves SET number = 6 WHERE number = 1000`)
		}, []string{"entry 4", "moved"}},
		"a row slipped in": {func(r *recorded) {
			r.tamper(`UPDATE leaves SET number = -number - 1 WHERE number >= 5`)
			r.tamper(`UPDATE leaves SET number = -number WHERE number < 0`)
			r.tamper(`INSERT INTO leaves (id, fact, kind, at, entry, number)
				SELECT 'lef_x', 'x', kind, at, entry, 5 FROM leaves WHERE number = 2`)
		}, []string{"entry 5"}},
		"words of an update": {func(r *recorded) {
			r.tamper(`UPDATE updates SET body = replace(body, 'pay desk are down', 'pay desk are slow') WHERE id = $1`, string(r.first.ID))
		}, []string{"/incidents/", "does not say"}},
		"the words and their opening": {func(r *recorded) {
			r.tamper(`UPDATE updates SET body = replace(body, 'pay desk are down', 'pay desk are slow') WHERE id = $1`, string(r.first.ID))
			r.tamper(`UPDATE openings SET body = replace(body, 'pay desk are down', 'pay desk are slow') WHERE about = $1`, string(r.first.Code))
		}, []string{"entry", "not what was sealed"}},
		"an opening taken away": {func(r *recorded) { r.tamper(`UPDATE openings SET body = '{}' WHERE about = $1`, string(r.first.Code)) }, []string{"no later entry says"}},
		"an update deleted": {func(r *recorded) {
			r.tamper(`DELETE FROM advice WHERE update_id = $1`, string(r.first.ID))
			r.tamper(`DELETE FROM updates WHERE id = $1`, string(r.first.ID))
		}, []string{r0, "does not show it"}},
		"an update nobody recorded": {func(r *recorded) {
			r.tamper(`UPDATE updates SET code = 'abcdefabcdef' WHERE id = $1`, string(r.first.ID))
		}, []string{"abcdefabcdef", "knows nothing"}},
		"the hour of an update": {func(r *recorded) {
			r.tamper(`UPDATE updates SET at = at - 600000000 WHERE id = $1`, string(r.first.ID))
		}, []string{"it dates the update"}},
		"an incident hidden": {func(r *recorded) {
			r.tamper(`UPDATE incidents SET visibility = 'private' WHERE id = $1`, string(r.second.ID))
		}, []string{r0, "does not show it"}},
		"a title": {func(r *recorded) {
			r.tamper(`UPDATE incidents SET title = replace(title, 'down', 'slow') WHERE id = $1`, string(r.bad.ID))
		}, []string{"its title"}},
		"a component's status": {func(r *recorded) {
			r.tamper(`UPDATE components SET status = 'operational' WHERE id = $1`, string(r.mail.ID))
		}, []string{"components.json"}},
		"a tile of hashes": {func(r *recorded) {
			r.tamper(`UPDATE tiles SET hashes = zeroblob(length(hashes)) WHERE log = 'public' AND level = 0`)
		}, []string{"entry 0"}},
		"an entry, and all hashes above it": {(*recorded).rewrite, []string{"do not add up"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRecorded(t, storetest.SQLite(t))
			alter.by(r)
			r.afresh()
			r.differs(r.verify(), alter.says...)
		})
	}
}

// r0 stands for what every place of this kind names.
const r0 = "the page, "

// afresh is a node that has rendered nothing yet.
func (r *recorded) afresh() {
	r.t.Helper()
	people, shop, mail := r.people, r.shop, r.mail
	r.house = openHouse(r.t, r.url)
	r.people, r.shop, r.mail = people, shop, mail
}

// rewrite changes an entry and every hash above it, as somebody without the key could.
func (r *recorded) rewrite() {
	r.t.Helper()
	r.tamper(alterEntry, "update "+string(r.first.Code))
	r.retile()
}

// alterEntry changes a status in an entry.
const alterEntry = `UPDATE leaves SET entry = CAST(replace(CAST(entry AS TEXT), '"investigating"', '"monitoring"') AS BLOB) WHERE fact = $1`

// since is a checkpoint somebody kept.
func since(checkpoint string) func(*verify.Task) {
	return func(t *verify.Task) { t.Since = checkpoint }
}

func TestT24ARecordThatWasRolledBackNoLongerFitsWhatOthersKept(t *testing.T) {
	t.Parallel()
	r := newRecorded(t, storetest.SQLite(t))
	before := r.verify()
	r.post(r.second, incident.Identified, "A queue is stuck.")
	r.sequence()
	r.afresh()
	kept := r.verify()
	if kept.Difference != nil || kept.Size <= before.Size {
		t.Fatalf("the record says %+v, %v", kept, kept.Difference)
	}
	if found := r.verify(since(before.Checkpoint)); found.Difference != nil || found.Since != before.Size {
		t.Errorf("since %d entries it has only grown, and it says %v", before.Size, found.Difference)
	}

	// Who has the database and the key takes the last word back, and signs what is left.
	r.tamper(`DELETE FROM openings WHERE leaf IN (SELECT id FROM leaves WHERE number >= $1)`, before.Size)
	r.tamper(`DELETE FROM leaves WHERE number >= $1`, before.Size)
	r.tamper(`DELETE FROM heads WHERE log = 'public' AND size > $1`, before.Size)
	r.tamper(`DELETE FROM tiles WHERE log = 'public'`)
	r.retile()
	r.tamper(`DELETE FROM announcements WHERE update_id = (SELECT id FROM updates WHERE incident = $1 AND number = 2)`, string(r.second.ID))
	r.tamper(`DELETE FROM advice WHERE update_id = (SELECT id FROM updates WHERE incident = $1 AND number = 2)`, string(r.second.ID))
	r.tamper(`DELETE FROM promises WHERE made_by = (SELECT id FROM updates WHERE incident = $1 AND number = 2)`, string(r.second.ID))
	r.tamper(`UPDATE promises SET kept_at = NULL, kept_by = '' WHERE incident = $1`, string(r.second.ID))
	r.tamper(`DELETE FROM updates WHERE incident = $1 AND number = 2`, string(r.second.ID))
	r.afresh()
	if found := r.verify(); found.Difference != nil {
		t.Fatalf("by itself it fits again, and yet it says %v", found.Difference)
	}
	r.differs(r.verify(since(kept.Checkpoint)), "entries were taken away")

	// And says something else instead.
	for _, words := range []string{"Nothing was stuck.", "All is well."} {
		r.post(r.second, incident.Identified, words)
		r.sequence()
	}
	r.afresh()
	r.differs(r.verify(since(kept.Checkpoint)), "the past was rewritten")
}

// retile makes the tiles of the leaves that are there.
func (r *recorded) retile() {
	r.t.Helper()
	r.write(func(ctx context.Context, tx *store.Tx) error {
		leaves, err := tx.Record.Entries(ctx, 0, 5000)
		if err != nil {
			return err
		}
		tree, err := record.Grow(0, nil)
		if err != nil {
			return err
		}
		for _, l := range leaves {
			tree.Append(record.HashOf(l.Entry))
		}
		return tx.Trees.Save(ctx, store.PublicLog, tree.Changed())
	})
}

func TestT24AMirrorAgreesUntilAWordOfItIsAltered(t *testing.T) {
	t.Parallel()
	r := newRecorded(t, storetest.SQLite(t))
	dir := t.TempDir()
	if _, err := Snapshot(t.Context(), r.config, dir, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	copied := func(task *verify.Task) {
		mirror, err := verify.At(dir)
		if err != nil {
			t.Fatal(err)
		}
		task.Mirrors = map[string]verify.Source{"the copy": mirror}
	}
	if found := r.verify(copied); found.Difference != nil || len(found.Mirrors) != 1 || found.Mirrors[0].Pages != found.Pages/2 {
		t.Fatalf("of a fresh mirror it says %+v, %v", found, found.Difference)
	}
	r.post(r.second, incident.Identified, "A queue is stuck.")
	r.sequence()
	r.afresh()
	if found := r.verify(copied); found.Difference != nil {
		t.Fatalf("of a mirror that is a word behind it says %v", found.Difference)
	}

	page := filepath.Join(dir, "de", "incidents", string(r.bad.Code), "index.html")
	whole, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for name, alter := range map[string]func(string) string{
		"a word":  func(s string) string { return strings.Replace(s, "ist zu", "ist offen", -1) },
		"an hour": func(s string) string { return regexp.MustCompile(`datetime="20`).ReplaceAllString(s, `datetime="19`) },
		"an update": func(s string) string {
			return regexp.MustCompile(`(?s)<li id="`+string(r.first.Code)+`">.*?</li>`).ReplaceAllString(s, "")
		},
	} {
		altered := alter(string(whole))
		if altered == string(whole) {
			t.Fatalf("%s is not there to be altered", name)
		}
		if err := os.WriteFile(page, []byte(altered), 0o600); err != nil {
			t.Fatal(err)
		}
		r.differs(r.verify(copied), "the copy, de/incidents/"+string(r.bad.Code))
	}
	if err := os.WriteFile(page, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	tile := filepath.Join(dir, "record", record.EntriesPath(0, int(r.sizeOf(dir))))
	entries, err := os.ReadFile(tile)
	if err != nil {
		t.Fatal(err)
	}
	entries[len(entries)/2] ^= 1
	if err := os.WriteFile(tile, entries, 0o600); err != nil {
		t.Fatal(err)
	}
	r.differs(r.verify(copied), "the copy, entry")
}

// sizeOf is how many entries a mirror has.
func (r *recorded) sizeOf(dir string) int64 {
	r.t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "record", "checkpoint"))
	r.must(err)
	h, err := record.PeekHead(string(b))
	r.must(err)
	return h.Size
}

// What a court wants gone is gone, and the record says so and stays whole.
func TestWordsThatWereBlackedOutLeaveTheRecordWhole(t *testing.T) {
	t.Parallel()
	r := newRecorded(t, storetest.SQLite(t))
	r.must(r.desk.BlackOut(r.as(staff.Owner), r.first.ID, desk.BlackingOut{
		Language: "en", Words: []string{"pay desk"}, Reason: incident.Secret, Note: "It names a supplier.",
	}))
	r.sequence()
	r.afresh()
	found := r.verify()
	if found.Difference != nil || found.Erased == 0 {
		t.Fatalf("it says %+v, %v", found, found.Difference)
	}
	for n := range (found.Size + record.TileWidth - 1) / record.TileWidth {
		if got := r.get("/record/" + record.OpeningsPath(n)); got.Code != 200 || holds(got, "pay desk") {
			t.Errorf("openings answer %d and still hold the words", got.Code)
		}
	}
	audit, err := VerifyAudit(t.Context(), r.url)
	if err != nil || audit.Difference != "" {
		t.Errorf("of the audit it says %+v, %v", audit, err)
	}
}
