package duty_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"candor/desk"
	"candor/id"
	"candor/reach"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
	"candor/tools/sink"
)

// Pausing and going on take effect on every node without anybody waking it, and cost nobody their message.
func TestAPausedFanOutStopsAndGoesOnWhereItWas(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, n := newWorld(t, db), storetest.Scaled(2000)
		people := w.subscribers(n, example)
		s, address := relay(t, sink.Config{DupKey: "rcpt+message-id", Latency: 15 * time.Millisecond})
		office := desk.New(db, publicURL, nil) // of a node without duty: nobody is woken
		ctx := staff.As(t.Context(), staff.Actor{System: "test"})
		a := w.announce(reach.First)
		for _, name := range []string{"one", "two"} {
			w.start(w.node(name, mail(address, 10, nil)))
		}
		w.until(a, "some", told(int64(n/8)))

		if err := office.PauseAnnouncement(ctx, a.ID); err != nil {
			t.Fatal(err)
		}
		asked := time.Now()
		w.until(a, "what was under way to end", func(c reach.Counts) bool { return c[reach.Claimed] == 0 && c.Told() == s.Report().Messages })
		stopped := s.Report().Messages
		t.Logf("nothing was under way %v after the pause", time.Since(asked))
		if stopped >= int64(n)*3/4 {
			t.Fatalf("%d of %d had left when it was to stop: nothing was paused", stopped, n)
		}
		next := w.announce(reach.Ordinary) // to the same people; its own row of them does not wait
		w.until(next, "another word", told(int64(n)))
		if more := s.Report().Messages - stopped - int64(n); more != 0 {
			t.Errorf("%d messages left during the pause", more)
		}
		if c := w.counts(a); c[reach.Claimed] != 0 || c.Told() != stopped {
			t.Errorf("paused, the ledger says %v, and %d arrived", c, stopped)
		}

		before, asked := s.Report().Messages, time.Now()
		if err := office.ResumeAnnouncement(ctx, a.ID); err != nil {
			t.Fatal(err)
		}
		w.until(a, "it to go on", told(before-int64(n)+1))
		t.Logf("it went on within %v", time.Since(asked))
		w.until(a, "all", told(int64(n)))
		if r := s.Report(); r.Duplicates != 0 || r.MaxPerRcpt != 2 || r.UniqueRcpt != int64(len(people)) {
			t.Errorf("%+v", r)
		}
		w.settled()
	})
}

// settled waits until nothing lies aside any more.
func (w *world) settled() {
	w.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		var left []store.Pause
		w.write(func(ctx context.Context, tx *store.Tx) (err error) {
			left, err = tx.Announcements.Aside(ctx)
			return err
		})
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("still aside: %+v", left)
		}
	}
}

// The ladder does not go around a pause: who is told by text because nobody acknowledged the mail waits with a reason, and not longer.
func TestTheClimbWaitsForAPausedAnnouncement(t *testing.T) {
	storetest.Crowd(t)
	file := storetest.SQLite(t) // PostgreSQL's sockets cannot live in a bubble
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, file)
		silent := h.customer("silent", "silent@harbour.example", "+4915112345002")
		answers := h.customer("answers", "anna@harbour.example", "+4915112345003")
		i := h.outage()
		h.run(30 * time.Second)
		a := h.announcementOf(i)
		if err := h.desk.PauseAnnouncement(h.as(h.ann), a); err != nil {
			t.Fatal(err)
		}
		h.run(45 * time.Minute)
		if n := len(h.text.Taken()); n != 0 {
			t.Errorf("%d text messages during a pause", n)
		}
		if x, err := h.affected(i, silent); err != nil || x.Reason != reach.WhyPaused || x.Ended != "" {
			t.Errorf("who waits for it stands at %+v (%v)", x, err)
		}
		h.acknowledge(i, "anna@harbour.example")
		h.stands(i, answers, "an answer counts during a pause", reach.Standing{End: reach.EndAcknowledged})
		if err := h.desk.ResumeAnnouncement(h.as(h.ann), a); err != nil {
			t.Fatal(err)
		}
		h.run(5 * time.Second)
		if n := len(h.text.Taken()); n != 1 {
			t.Errorf("%d text messages within five seconds of going on, want the one", n)
		}
	})
}

func (h *pursued) announcementOf(i id.Incident) (x id.Announcement) {
	h.t.Helper()
	h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Announcements.OfIncident(ctx, i)
		for _, a := range all {
			if a.Target.Customers {
				x = a.ID
			}
		}
		return err
	})
	return x
}
