package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

// Fourteen customers, each somewhere else on the ladder: what is counted is what is listed, and nobody is in two places.
func TestWhoStandsAlikeIsCountedOnceAndListedWhereTheyStand(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := affectedWorld(t, db, 14)
		rows := w.count()
		c := reach.Cover(func(yield func(reach.Standing) bool) {
			for _, s := range rows {
				if !yield(s) {
					return
				}
			}
		})
		if faults := c.Faults(); len(faults) > 0 {
			t.Errorf("coverage: %v", faults)
		}
		if c.All.Affected != 14 || c.All.Told != 8 || c.All.Reached != 2 || c.All.Open != 10 || c.All.Calling != 2 {
			t.Errorf("coverage: %+v", c.All)
		}
		if got := c.ByLanguage[lang.German].Affected + c.ByLanguage[lang.English].Affected; got != 14 {
			t.Errorf("%d have a language", got)
		}
		listed := map[id.Customer]int{}
		for _, s := range rows {
			for _, x := range w.list(3, func(o reach.Standing) bool { return cmp.Equal(o, withoutCount(s)) }) {
				listed[x.Customer]++
				if x.Ended != s.End || x.Channel != s.Channel || x.Reason != s.Reason || x.Name == "" {
					t.Errorf("%+v is listed with those who stand as %+v", x, s)
				}
			}
		}
		for _, x := range w.all {
			if listed[x] != 1 {
				t.Errorf("%s is listed %d times", x, listed[x])
			}
		}
		var all []id.Customer
		for _, x := range w.list(4, nil) {
			all = append(all, x.Customer)
		}
		if diff := cmp.Diff(w.all, all); diff != "" {
			t.Errorf("the list of all (-want +got):\n%s", diff)
		}
		open := w.list(3, func(s reach.Standing) bool { return s.End == "" })
		if len(open) != 10 {
			t.Errorf("%d are open, want 10", len(open))
		}
	})
}

func withoutCount(s reach.Standing) reach.Standing {
	s.Customers = 0
	return s
}

type standingWorld struct {
	t   *testing.T
	db  *store.DB
	i   id.Incident
	all []id.Customer
}

func affectedWorld(t *testing.T, db *store.DB, n int) *standingWorld {
	t.Helper()
	ctx, at := t.Context(), time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)
	w := &standingWorld{t: t, db: db, i: id.New[id.Incident](at)}
	err := db.Write(ctx, func(tx *store.Tx) error {
		for k := range n {
			c := audience.Customer{ID: id.New[id.Customer](at), Code: id.NewCode(), External: fmt.Sprint("A-", k), Name: fmt.Sprint("Customer ", k), CreatedAt: at, UpdatedAt: at}
			c.Language = []lang.Tag{lang.English, lang.German}[k%2]
			w.all = append(w.all, c.ID)
			if err := tx.Customers.Add(ctx, c); err != nil {
				return err
			}
		}
		slices.Sort(w.all)
		_, done, err := tx.Affected.Assess(ctx, store.Assessment{Incident: w.i, Audience: incident.Everyone, AsOf: at, NextAt: at.Add(time.Minute)}, "", 100)
		if err != nil || !done {
			return fmt.Errorf("assess: done %v, %w", done, err)
		}
		for k, c := range w.all {
			if err := tx.Affected.Save(ctx, placed(reach.Affected{Incident: w.i, Customer: c, NextAt: at}, k, at)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// placed puts the k-th customer somewhere on the ladder.
func placed(x reach.Affected, k int, at time.Time) reach.Affected {
	x.Reason = reach.WhyAwaitAck
	switch {
	case k < 2:
		x.Ended, x.ReachedAt, x.ClosedAt, x.ToldAt, x.Channel, x.Reason = reach.EndAcknowledged, at, at, at, audience.Email, reach.WhyByLink
	case k < 4:
		x.Ended, x.ClosedAt, x.Channel, x.Reason = reach.EndUnreachable, at, audience.SMS, reach.WhyAllFailed
	case k < 6:
		x.CallAt, x.Channel, x.ToldAt, x.Reason = at, "person", at, reach.WhyNoAck
	case k < 10:
		x.ToldAt, x.Channel = at, audience.SMS
	}
	return x
}

func (w *standingWorld) count() (rows []reach.Standing) {
	w.read(func(ctx context.Context, tx *store.Tx) (err error) {
		rows, err = tx.Affected.Count(ctx, w.i)
		return err
	})
	return rows
}

// list turns the pages to the end.
func (w *standingWorld) list(limit int, keep func(reach.Standing) bool) (all []store.ListedCustomer) {
	l := store.AffectedList{Incident: w.i, Keep: keep, Limit: limit}
	for {
		var page []store.ListedCustomer
		w.read(func(ctx context.Context, tx *store.Tx) (err error) {
			page, err = tx.Affected.List(ctx, l)
			return err
		})
		all = append(all, page...)
		if len(page) < limit {
			return all
		}
		l.After = page[len(page)-1].Customer
	}
}

func (w *standingWorld) read(f func(ctx context.Context, tx *store.Tx) error) {
	w.t.Helper()
	if err := w.db.Read(w.t.Context(), func(tx *store.Tx) error { return f(w.t.Context(), tx) }); err != nil {
		w.t.Fatal(err)
	}
}
