package duty_test

import (
	"context"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
	"candor/reach/dry"
	"candor/store"
)

// A wrong word is put right with those who got it, each by the way they got it, and with nobody else: who subscribed since never heard it.
func TestACorrectionGoesToWhoHeardTheWrongWord(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.subscribers(4, example)
		out := dry.New("email")
		said := w.announce(reach.First)
		w.start(w.node("one", through(out)))
		w.until(said, "the wrong word", told(4))
		time.Sleep(time.Minute)
		late := audience.Contact{
			ID: id.New[id.Contact](time.Now()), Code: id.NewCode(), Channel: "email", Language: "en", Address: "late@example.com", CreatedAt: time.Now(), ConfirmedAt: time.Now(),
		}
		right := reach.Announcement{
			ID: id.New[id.Announcement](time.Now()), Kind: reach.OnCorrection, Incident: w.incident.ID, Update: w.update.ID,
			Target: audience.Target{Heard: w.update.ID, Reopens: true}, Priority: reach.First, AsOf: time.Now().Add(time.Second),
		}
		w.write(func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Contacts.Add(ctx, late); err != nil {
				return err
			}
			return tx.Announcements.Add(ctx, right)
		})
		w.until(right, "the right one", told(4))
		time.Sleep(time.Minute)
		if c := w.counts(right); c.All() != 4 {
			t.Errorf("put right with %v, want the four who heard the wrong word", c)
		}
	})
}
