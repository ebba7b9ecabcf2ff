package duty_test

import (
	"context"
	"testing"
	"time"

	"candor/id"
	"candor/promise"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

// A reminder is spent in the transaction that says it. Spent before, what cannot be said at that moment is never said.
func TestAReminderThatCouldNotBeSaidIsSaidLater(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		h := build(t, url)
		node, i, at := h.node("a"), h.bare(), time.Now().UTC()
		h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
			return tx.Promises.Add(ctx, promise.Promise{
				ID: id.New[id.Promise](at), Kind: promise.NextUpdate, Incident: i, Update: "upd_x", Promiser: h.ben.ID,
				MadeAt: at.Add(-time.Hour), DueAt: at.Add(-time.Minute),
			})
		})
		back := storetest.Away(t, url, "announcements")
		if _, err := node.FireTimers(t.Context()); err == nil {
			t.Error("the reminder was said although nothing can be: this proves nothing")
		}
		back()
		for range 2 {
			if _, err := node.FireTimers(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := h.said(i, reach.OnDue); len(got) != 1 || got[0].Target.Person != h.ben.ID {
			t.Errorf("said when it could be: %+v, want it once", got)
		}
	})
}
