package store_test

import (
	"testing"
	"time"

	"candor/component"
	"candor/store"
	"candor/store/storetest"
)

// T7: the clock of a node jumps an hour ahead and back again. What fired does not fire again, and what was wound up later waits.
func TestATimerFiresOnceWhateverTheClockSays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, noon := t.Context(), time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		claim := func(at time.Time) (got []store.Timer) {
			err := db.Batch(ctx, func(tx *store.Tx) (err error) {
				got, err = tx.Timers.ClaimPromises(ctx, at, 10)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		err := db.Write(ctx, func(tx *store.Tx) error {
			for _, x := range []store.Timer{{Object: "prm_p", Step: "before", At: noon}, {Object: "prm_p", Step: "due", At: noon.Add(5 * time.Minute)}, {Object: "i", Step: "start", At: noon}} {
				if err := tx.Timers.Set(ctx, x); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name string
			at   time.Time
			want int
		}{
			{"a microsecond early", noon.Add(-time.Microsecond), 0},
			{"in time", noon, 1},
			{"an hour ahead", noon.Add(time.Hour), 1},
			{"back again", noon.Add(6 * time.Minute), 0},
		} {
			if got := claim(c.at); len(got) != c.want {
				t.Errorf("%s: %v, want %d", c.name, got, c.want)
			}
		}
		fire := func() (mine bool) {
			err := db.Write(ctx, func(tx *store.Tx) (err error) {
				mine, err = tx.Timers.Fire(ctx, store.Timer{Object: "i", Step: "start", At: noon}, noon)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return mine
		}
		if !fire() || fire() {
			t.Error("a maintenance begins once")
		}
	})
}

// A clock that is set back must not erase an outage from the record.
func TestAClockThatIsSetBackErasesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, noon := t.Context(), time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		c := component.Component{ID: "cmp_a", Code: "a", Status: component.Operational, Since: noon, CreatedAt: noon, UpdatedAt: noon}
		var got []component.Interval
		err := db.Write(ctx, func(tx *store.Tx) (err error) {
			if err := tx.Components.Add(ctx, c); err != nil {
				return err
			}
			if err := tx.Intervals.Begin(ctx, c.ID, c.Status, noon); err != nil {
				return err
			}
			if err := tx.Intervals.Change(ctx, c.ID, component.MajorOutage, "inc_x", noon.Add(time.Hour), noon.Add(time.Hour)); err != nil {
				return err
			}
			if err := tx.Intervals.Change(ctx, c.ID, component.Operational, "inc_x", noon, noon); err != nil {
				return err
			}
			got, err = tx.Intervals.Of(ctx, c.ID, time.Time{})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		span := component.Measure(got, noon, noon.Add(2*time.Hour))
		if len(got) != 3 || span.Tally.In(component.MajorOutage) != time.Microsecond || span.Tally.In(component.Unknown) != 0 {
			t.Errorf("%+v", got)
		}
	})
}
