package store_test

import (
	"testing"
	"time"

	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

// pauseOf is how an announcement stands with pausing.
func pauseOf(t *testing.T, db *store.DB, a reach.Announcement) (p store.Pause) {
	t.Helper()
	batch(t, db, func(tx *store.Tx) error {
		all, err := tx.Announcements.Aside(t.Context())
		for _, x := range all {
			if x.Announcement == a.ID {
				p = x
			}
		}
		return err
	})
	return p
}

// moveAll goes past all that is open, n at a time, and answers how many it moved.
func moveAll(t *testing.T, db *store.DB, p store.Pause, n int) (all int) {
	t.Helper()
	for {
		moved := 0
		batch(t, db, func(tx *store.Tx) (err error) {
			moved, err = tx.Deliveries.Move(t.Context(), p, n)
			return err
		})
		if all += moved; moved < n {
			return all
		}
	}
}

// dueNow is how many rows a claim would have to look at.
func dueNow(t *testing.T, db *store.DB, at time.Time) (n int64) {
	t.Helper()
	batch(t, db, func(tx *store.Tx) (err error) {
		n, err = store.Value[int64](t.Context(), tx, `SELECT count(*) FROM deliveries
			WHERE (state IN ('planned', 'claimed') OR state = 'retry_at') AND next_at <= $1`, store.Instant(at))
		return err
	})
	return n
}

func TestNothingPausedIsClaimedAndNothingOfItLiesInTheWay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		paused, other, people := announce(t, db, reach.First), announce(t, db, reach.Ordinary), contacts(t, db, 250)
		before := planned(t, db, paused, people)
		planned(t, db, other, people[:40])
		batch(t, db, func(tx *store.Tx) error {
			for n, want := range []bool{true, false} {
				if changed, err := tx.Announcements.Pause(t.Context(), paused.ID, noon); err != nil || changed != want {
					t.Errorf("pause %d: %v, %v", n, changed, err)
				}
			}
			return nil
		})
		// At once, before anything is moved.
		for _, x := range claim(t, db, "one", noon, 30) {
			if x.Announcement != other.ID {
				t.Fatalf("%s of a paused announcement was claimed", x.ID)
			}
		}
		p := pauseOf(t, db, paused)
		if moved := moveAll(t, db, p, 100); moved != 250 {
			t.Errorf("%d of 250 were moved", moved)
		}
		if again := moveAll(t, db, p, 100); again != 0 { // as by another node
			t.Errorf("%d were moved a second time", again)
		}
		if n := dueNow(t, db, noon); n != 10 {
			t.Errorf("%d rows lie before a claim, want the ten of the other announcement", n)
		}
		batch(t, db, func(tx *store.Tx) error {
			x, err := tx.Deliveries.ByID(t.Context(), before[7].ID)
			if !x.NextAt.Equal(noon) {
				t.Errorf("what lies aside says it is due at %s", x.NextAt)
			}
			return err
		})

		batch(t, db, func(tx *store.Tx) error {
			_, err := tx.Announcements.Resume(t.Context(), paused.ID)
			return err
		})
		back := pauseOf(t, db, paused)
		batch(t, db, func(tx *store.Tx) error { // half-way, then somebody pauses again
			_, err := tx.Deliveries.Move(t.Context(), back, 100)
			return err
		})
		batch(t, db, func(tx *store.Tx) error {
			if _, err := tx.Announcements.Pause(t.Context(), paused.ID, noon); err != nil {
				return err
			}
			_, err := tx.Announcements.Resume(t.Context(), paused.ID)
			return err
		})
		batch(t, db, func(tx *store.Tx) error {
			if err := tx.Announcements.TakeAside(t.Context(), back); err == nil {
				t.Error("what was begun before the second pause goes on after it")
			}
			if err := tx.Announcements.NoneAside(t.Context(), back); err == nil {
				t.Error("what was begun before the second pause says that nothing lies aside")
			}
			return nil
		})
		back = pauseOf(t, db, paused)
		moveAll(t, db, back, 100)
		batch(t, db, func(tx *store.Tx) error { return tx.Announcements.NoneAside(t.Context(), back) })
		if got := claim(t, db, "one", noon, 400); len(got) != 260 || got[0].Announcement != paused.ID || got[250].Announcement != other.ID {
			t.Errorf("%d claimed after going on, want all 260, the more urgent first", len(got))
		}
	})
}

func TestNothingPausedIsPlanned(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		first, second := announce(t, db, reach.First), announce(t, db, reach.Ordinary)
		batch(t, db, func(tx *store.Tx) error {
			_, err := tx.Announcements.Pause(t.Context(), first.ID, noon)
			return err
		})
		batch(t, db, func(tx *store.Tx) error {
			a, err := tx.Announcements.TakeUnplanned(t.Context())
			if a.ID != second.ID {
				t.Errorf("%s is planned while %s is all that goes on", a.ID, second.ID)
			}
			return err
		})
	})
}
