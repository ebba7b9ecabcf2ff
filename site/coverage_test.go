package site

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/reach"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

// covering makes n affected customers of an incident, of whom some know.
func (w *town) covering(i id.Incident, n, reached int) {
	w.t.Helper()
	at := time.Now().UTC().Truncate(time.Microsecond)
	w.write(func(ctx context.Context, tx *store.Tx) error {
		for range n {
			c := audience.Customer{ID: id.New[id.Customer](at), Code: id.NewCode(), External: string(id.NewCode()), Language: lang.English, CreatedAt: at, UpdatedAt: at}
			if err := tx.Customers.Add(ctx, c); err != nil {
				return err
			}
		}
		if _, _, err := tx.Affected.Assess(ctx, store.Assessment{Incident: i, Audience: incident.Everyone, AsOf: at, NextAt: at}, "", 10_000); err != nil {
			return err
		}
		all, err := tx.Affected.Page(ctx, i, "", 1000)
		if err != nil {
			return err
		}
		for _, x := range all[:reached] {
			x.Ended, x.Reason, x.ToldAt, x.ReachedAt, x.ClosedAt, x.NextAt = reach.EndAcknowledged, reach.WhyByLink, at, at, at, time.Time{}
			if err := tx.Affected.Save(ctx, x); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *town) shows(p settings.Publicity) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *store.Tx) error {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.PublicCoverage = p
		if _, err := tx.Settings.Save(ctx, s, version); err != nil {
			return err
		}
		return tx.Changes.Add(ctx, "settings", time.Now())
	})
	w.face.Nudge()
}

var spaced = regexp.MustCompile(`\s+`)

func TestThePageSaysHowManyKnowOnceTheCompanyWantsItTo(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		w := newTownOn(t, url).settle()
		bad := w.badDay()
		w.covering(bad.i.ID, 300, 298)
		w.start()
		at := "/en/incidents/" + string(bad.i.Code)
		says := func(path, words string) func() bool {
			return func() bool { return strings.Contains(spaced.ReplaceAllString(w.get(path).Body.String(), " "), words) }
		}
		if says(at, "affected customers")() {
			t.Error("a company that shows nothing says how many customers it has")
		}
		w.shows(settings.CoverageCounts)
		w.eventually("counts", says(at, "298 of 300 affected customers reached"))
		w.eventually("in German", says(strings.Replace(at, "/en/", "/de/", 1), "298 von 300 betroffenen Kunden erreicht"))
		w.shows(settings.CoverageShares)
		w.eventually("shares, cut", says(at, "99.3% of affected customers reached"))
		if says(at, "of 300")() {
			t.Error("shares say how many customers there are")
		}
		if says("/en/", "affected customers")() || says("/api/v2/summary.json", "reached")() {
			t.Error("another page says it, too")
		}

		before := w.get("/version.json").Body.String()
		w.write(func(ctx context.Context, tx *store.Tx) error {
			all, err := tx.Affected.List(ctx, store.AffectedList{Incident: bad.i.ID, Keep: reach.Keep(reach.StillOpen, ""), Limit: 10})
			if err != nil {
				return err
			}
			for _, x := range all {
				x.Ended, x.Reason, x.ToldAt, x.ReachedAt, x.ClosedAt, x.NextAt = reach.EndSpokenWith, reach.WhySpokenWith, w.now, w.now, w.now, time.Time{}
				if err := tx.Affected.Save(ctx, x.Affected); err != nil {
					return err
				}
			}
			return tx.Changes.Add(ctx, "coverage:"+string(bad.i.ID), time.Now())
		})
		w.face.Nudge()
		w.eventually("the last two", says(at, "100% of affected customers reached"))
		if w.get("/version.json").Body.String() != before {
			t.Error("a moving figure tells open pages that there is news")
		}
	})
}
