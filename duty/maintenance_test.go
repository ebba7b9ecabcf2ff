package duty_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"candor/component"
	"candor/desk"
	"candor/incident"
	"candor/lang"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

func TestAMaintenanceBeginsAndEndsByItself(t *testing.T) {
	storetest.Crowd(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			h := build(t, url)
			ctx, stop := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			for _, name := range []string{"a", "b"} {
				wg.Go(func() { h.run(ctx, h.node(name), minute) })
			}
			from := time.Now().Add(25 * time.Hour)
			i, _, err := h.desk.Declare(h.as(h.ann), desk.Declaration{
				Kind: incident.Maintenance, Window: incident.Window{From: from, Until: from.Add(time.Hour), AutoStart: true, AutoEnd: true},
				First: desk.Word{Body: lang.Text{lang.English: "New disks."}, Affected: []incident.Affected{{Component: h.shop.ID}}},
			})
			if err != nil || i.Status != incident.Scheduled || h.status() != component.Operational {
				t.Fatalf("announced: %+v, %v, the shop is %s", i, err, h.status())
			}
			time.Sleep(24*time.Hour + 30*time.Minute)
			if got := h.said(i.ID, reach.OnUpcoming); len(got) != 2 || !got[0].Target.Everyone {
				t.Errorf("reminded a day and an hour before: %+v", got)
			}
			time.Sleep(31 * time.Minute)
			if got := h.now(i.ID); got.Status != incident.InProgress || h.status() != component.Maintenance {
				t.Errorf("its window has begun, and it is %s, the shop %s", got.Status, h.status())
			}
			time.Sleep(time.Hour)
			if got := h.now(i.ID); got.Status != incident.Completed || h.status() != component.Operational {
				t.Errorf("its window is over, and it is %s, the shop %s", got.Status, h.status())
			}
			if got := h.said(i.ID, reach.OnUpdate); len(got) != 3 {
				t.Errorf("said %d times, want announced, begun, over", len(got))
			}
			stop()
			wg.Wait()
		})
	})
}

func TestAMaintenanceThatOverrunsSaysSo(t *testing.T) {
	storetest.Crowd(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		synctest.Test(t, func(t *testing.T) {
			h := build(t, url)
			from := time.Now().Add(time.Hour)
			i, _, err := h.desk.Declare(h.as(h.ann), desk.Declaration{
				Kind: incident.Maintenance, Window: incident.Window{From: from, Until: from.Add(time.Hour), AutoStart: true},
				First: desk.Word{Body: lang.Text{lang.English: "New disks."}, Affected: []incident.Affected{{Component: h.shop.ID}}},
			})
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(3 * time.Hour)
			if _, err := h.node("a").FireTimers(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := h.now(i.ID); got.Overrun(time.Now()) != time.Hour {
				t.Errorf("overrun by %v, want an hour", got.Overrun(time.Now()))
			}
			if _, err := h.desk.Post(h.as(h.ben), i.ID, desk.Word{Status: incident.Completed, Body: lang.Text{lang.English: "Done."}}); err != nil {
				t.Fatal(err)
			}
			if h.status() != component.Operational {
				t.Errorf("done, and the shop is %s", h.status())
			}
		})
	})
}

func (h house) status() (s component.Status) {
	h.t.Helper()
	h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) error {
		c, err := tx.Components.ByID(ctx, h.shop.ID)
		s = c.Status
		return err
	})
	return s
}
