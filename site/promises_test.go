package site

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/promise"
	"candor/store"
)

// kept promises a word a quarter of an hour after made, and keeps it so much later; a negative lateness is in time.
func (w *town) kept(of incident.Incident, made time.Time, late time.Duration, change func(*promise.Promise)) {
	w.t.Helper()
	p := promise.Promise{
		ID: id.New[id.Promise](made), Kind: promise.NextUpdate, Incident: of.ID, Update: "upd_x", Promiser: w.dana.ID, MadeAt: made, DueAt: made.Add(15 * time.Minute),
	}
	p.KeptAt, p.KeptBy = p.DueAt.Add(late), "upd_y"
	if change != nil {
		change(&p)
	}
	w.write(func(ctx context.Context, tx *store.Tx) error { return tx.Promises.Add(ctx, p) })
}

func (w *town) withhold() {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *store.Tx) error {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.Promises.Withheld = true
		if _, err := tx.Settings.Save(ctx, s, version); err != nil {
			return err
		}
		return tx.Changes.Add(ctx, "settings", w.now)
	})
}

func (w *town) record() (d promisesDocument) {
	w.t.Helper()
	if err := json.Unmarshal(w.get("/en/promises.json").Body.Bytes(), &d); err != nil {
		w.t.Fatal(err)
	}
	return d
}

const day = 24 * time.Hour

func automatic(p *promise.Promise) { p.Automatic = true }

// dropped a minute before it was due.
func dropped(p *promise.Promise) {
	p.KeptAt, p.KeptBy, p.WithdrawnAt = time.Time{}, "", p.DueAt.Add(-time.Minute)
}

func TestTheRecordOfPromisesIsTheCompanysOwnForNinetyDays(t *testing.T) {
	t.Parallel()
	young := newTown(t).settle()
	i := young.declare(incident.Incident{Title: said("Slow"), StartedAt: young.now.Add(-80 * day)}, young.dns)
	young.kept(i.i, young.now.Add(-80*day), 7*time.Minute, nil)
	young.start()
	if d := young.record(); d.Publication != promise.Unpublished || d.Public == nil || d.Total != nil || len(d.Months) != 0 {
		t.Errorf("80 days after the first promise: %+v", d)
	}
	if body := young.get("/en/promises").Body.String(); !strings.Contains(body, "90 days after the first promise") || strings.Contains(body, "7 min") {
		t.Error("80 days after the first promise the page says too much, or not enough")
	}
	if body := young.get("/en/promises.atom").Body.String(); strings.Contains(body, "<entry>") {
		t.Error("the feed tells what the page does not")
	}
	if body := young.get("/en/").Body.String(); strings.Contains(body, "promises kept") {
		t.Error("the front page tells what the page of promises does not")
	}
}

func TestTheRecordOfPromisesIsEverybodysAfterNinetyDays(t *testing.T) {
	t.Parallel()
	old := newTown(t).settle()
	i := old.declare(incident.Incident{Title: said("Slow"), StartedAt: old.now.Add(-100 * day)}, old.dns)
	began := old.now.Add(-100 * day)
	old.kept(i.i, began, -time.Minute, nil)
	old.kept(i.i, began.Add(15*time.Minute), 7*time.Minute, nil)
	old.kept(i.i, began.Add(30*time.Minute), -time.Minute, automatic)
	old.kept(i.i, began.Add(45*time.Minute), 0, dropped)
	old.kept(i.i, began, 0, func(p *promise.Promise) {
		p.Kind, p.Text, p.Clock = promise.LegalNotice, "GDPR art. 33: authority", "gdpr-33"
	})
	private := old.declare(incident.Incident{Title: said("Nobody knows"), StartedAt: began, Visibility: incident.Private}, old.dns)
	old.kept(private.i, began, time.Hour, nil)
	old.kept(i.i, old.now.Add(-day), time.Minute, nil)
	old.kept(i.i, old.now.Add(-day), -time.Minute, automatic)
	old.kept(i.i, old.now.Add(-day), 0, dropped)
	old.start()
	if body := old.get("/en/").Body.String(); !strings.Contains(body, "0 of 1 promises kept") {
		t.Error("100 days after the first promise the front page does not say how we keep them")
	}
	d := old.record()
	if d.Publication != promise.Published || d.Total == nil || d.Public != nil {
		t.Fatalf("100 days after the first promise: %+v", d)
	}
	want := tallyDocument{Made: 7, Kept: 1, KeptLate: 2, Automatic: 2, Dropped: 2, Decided: 3, LateMedian: 240, LateLongest: 420, IntervalMedian: 900}
	if *d.Total != want {
		t.Errorf("the record is %+v, want %+v", *d.Total, want)
	}
	for _, tag := range lang.All() {
		body := old.get("/" + tag.Path() + "/promises").Body.String()
		for _, figure := range []string{lang.For(tag).Share(1, 3, 1), lang.For(tag).Duration(7 * time.Minute), lang.For(tag).Duration(15 * time.Minute)} {
			if !strings.Contains(body, figure) {
				t.Errorf("%s: no %s on the page", tag, figure)
			}
		}
		if strings.Contains(body, "GDPR") || strings.Contains(body, "site.promises") {
			t.Errorf("%s: the page tells what is the company's own, or says a key", tag)
		}
	}
	var feed atomFeed
	if err := xml.Unmarshal(old.get("/en/promises.atom").Body.Bytes(), &feed); err != nil || len(feed.Entries) != len(d.Months) {
		t.Errorf("a feed of %d months, the document has %d (%v)", len(feed.Entries), len(d.Months), err)
	}
}

func TestARecordOfPromisesThatIsSwitchedOffOrEmptySaysSo(t *testing.T) {
	t.Parallel()
	silent := newTown(t).settle()
	i := silent.declare(incident.Incident{Title: said("Slow"), StartedAt: silent.now.Add(-100 * day)}, silent.dns)
	silent.kept(i.i, silent.now.Add(-100*day), 7*time.Minute, nil)
	silent.withhold()
	silent.start()
	if body := silent.get("/en/promises").Body.String(); !strings.Contains(body, "does not publish its promises") || strings.Contains(body, "7 min") {
		t.Error("switched off, the page does not say so, or says more")
	}
	if d := silent.record(); d.Publication != promise.Withheld || d.Total != nil || len(d.Months) != 0 {
		t.Errorf("switched off: %+v", d)
	}
	if body := newTown(t).settle().start().get("/promises").Body.String(); !strings.Contains(body, "No promise has been made yet") {
		t.Error("a company that never promised anything is not told so")
	}
}
