package site

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/promise"
	"candor/report"
	"candor/store"
)

func (w *town) track() (d trackDocument) {
	w.t.Helper()
	if err := json.Unmarshal(w.get("/en/track-record.json").Body.Bytes(), &d); err != nil {
		w.t.Fatal(err)
	}
	return d
}

func (d trackDocument) month(of time.Time) trackMonth {
	for _, m := range d.Months {
		if m.Month == of.Format("2006-01") {
			return m
		}
	}
	return trackMonth{}
}

func TestTheTrackRecordCountsWhatWasWrittenDownAndSaysWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	past := w.now.Add(-100 * 24 * time.Hour)
	we := w.declare(incident.Incident{
		Title: said("Slow"), StartedAt: past, DeclaredAt: past.Add(4 * time.Minute), FirstReportAt: past.Add(9 * time.Minute), ResolvedAt: past.Add(time.Hour),
	}, w.dns)
	w.declare(incident.Incident{
		Title: said("Slower"), StartedAt: past.Add(time.Minute), DeclaredAt: past.Add(21 * time.Minute), FirstReportAt: past.Add(5 * time.Minute), ResolvedAt: past.Add(2 * time.Hour),
	}, w.dns)
	w.declare(incident.Incident{
		Title: said("Slowest"), StartedAt: past.Add(2 * time.Minute), DeclaredAt: past.Add(8 * time.Minute), ResolvedAt: past.Add(3 * time.Hour),
	}, w.dns)
	w.declare(incident.Incident{Title: said("Nobody knows"), StartedAt: past, Visibility: incident.Private}, w.dns)
	w.kept(we.i, past, -time.Minute, nil)
	w.kept(we.i, past, time.Minute, func(p *promise.Promise) { p.Kind = promise.Report })
	for n, state := range []report.ActionState{report.Verified, report.Done, report.Open} {
		a := report.Action{
			ID: id.New[id.Action](past), Code: id.NewCode(), Incident: we.i.ID, Kind: report.Prevent, Title: said("Renew"), Owner: w.dana.ID, State: state,
			DueAt: past, CreatedAt: past, PublishedAt: past.Add(time.Duration(n) * time.Hour),
		}
		w.write(func(ctx context.Context, tx *store.Tx) error { return tx.Actions.Add(ctx, a) })
	}
	w.start()

	m := w.track().month(past)
	if m.Actions != (actionsDocument{Published: 3, Verified: 1}) {
		t.Errorf("what is done is not yet verified: %+v", m.Actions)
	}
	if m.Incidents != 3 || m.WeFirst != 1 || m.TheyFirst != 1 || m.Unreported != 1 {
		t.Errorf("who told whom first: %+v", m)
	}
	if m.FirstWord == nil || *m.FirstWord != 360 || m.Lasted == nil || *m.Lasted != int64(2*time.Hour/time.Second)-60 {
		t.Errorf("how long people waited: %v, %v", m.FirstWord, m.Lasted)
	}
	if m.AllPromises == nil || *m.AllPromises != (keptDocument{1, 2}) || *m.Reports != (keptDocument{0, 1}) || *m.Credits != (keptDocument{}) {
		t.Errorf("promises %v, reports %v, credits %v", m.AllPromises, m.Reports, m.Credits)
	}
	quiet := w.track().month(w.now)
	if quiet.Incidents != 0 || quiet.FirstWord != nil || quiet.Lasted != nil {
		t.Errorf("a month without incidents has figures: %+v", quiet)
	}
	for _, tag := range lang.All() {
		words, body := lang.For(tag), w.get("/"+tag.Path()+"/track-record").Body.String()
		for _, figure := range []string{words.T("site.track.of", "part", "1", "all", "2"), words.Duration(6 * time.Minute), words.T("site.track.first.means")} {
			if !strings.Contains(body, figure) {
				t.Errorf("%s: no %q on the page", tag, figure)
			}
		}
		for _, key := range trackColumns {
			if strings.Count(body, `href="#means-`+key+`"`) != 1 || strings.Count(body, `id="means-`+key+`"`) != 1 {
				t.Errorf("%s: %s has no definition one click away", tag, key)
			}
		}
	}
}

func TestTheTrackRecordIsSilentAboutPromisesAsLongAsTheirRecordIs(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	i := w.declare(incident.Incident{Title: said("Slow"), StartedAt: w.now.Add(-10 * 24 * time.Hour)}, w.dns)
	w.kept(i.i, w.now.Add(-10*24*time.Hour), time.Minute, nil)
	w.start()
	d := w.track()
	if m := d.month(w.now.Add(-10 * 24 * time.Hour)); d.Promises != promise.Unpublished || m.AllPromises != nil || m.Incidents != 1 {
		t.Errorf("ten days after the first promise: %v, %+v", d.Promises, m)
	}
	if body := w.get("/en/track-record").Body.String(); !strings.Contains(body, "90 days after the first promise") || strings.Contains(body, "0 of 1") {
		t.Error("ten days after the first promise the page says too much, or not why")
	}
}

// The figure of the worst component stands for the month: an average would hide it behind the others.
func TestTheUptimeOfTheTrackRecordIsTheLowestOfAnyComponent(t *testing.T) {
	t.Parallel()
	town := newTown(t).settle()
	town.badDay()
	w := town.start().face.world.Load()
	now, zone := town.now, w.settings.Zoned()
	least, known := tracked{intervals: w.intervals}.lowest(w, monthOf(now, zone), now).Cut(6)
	if !known || least >= 100_000_000 {
		t.Fatalf("a bad day left an uptime of %d (%t)", least, known)
	}
	met := false
	for _, c := range w.leaves {
		m := monthOf(now, zone)
		units, ok := component.Month(component.History(c, w.intervals[c.ID]), m.year, m.month, now, zone).Tally.Uptime().Cut(6)
		if ok && units < least {
			t.Errorf("%s has %d, the page says %d", c.Name, units, least)
		}
		met = met || ok && units == least
	}
	if !met {
		t.Errorf("no component has %d", least)
	}
}
