package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"candor/component"
	"candor/id"
	"candor/lang"
	"candor/store"
	"candor/store/storetest"
)

func TestATroubleOfThePastSplitsTheServiceAroundIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, now := t.Context(), time.Now().UTC().Truncate(time.Microsecond)
		c := component.Component{ID: id.New[id.Component](now), Code: id.NewCode(), Name: lang.Text{"en": "DNS"}, Status: component.Operational, Since: now, CreatedAt: now, UpdatedAt: now}
		write(t, db, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Components.Add(ctx, c); err != nil {
				return err
			}
			return tx.Intervals.Begin(ctx, c.ID, c.Status, now)
		})
		day := func(n int) time.Time { return now.AddDate(0, 0, -n) }
		insert := func(ctx context.Context, tx *store.Tx) error {
			return tx.Intervals.Insert(ctx, c.ID, component.MajorOutage, "inc_1", day(10), day(9))
		}
		write(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.Intervals.Extend(ctx, c.ID, day(90)) })
		write(t, db, insert)
		if err := db.Write(ctx, func(tx *store.Tx) error { return insert(ctx, tx) }); !errors.Is(err, store.ErrExists) {
			t.Errorf("the same trouble twice: %v, want ErrExists", err)
		}
		var got []component.Interval
		err := db.Read(ctx, func(tx *store.Tx) (err error) {
			got, err = tx.Intervals.Of(ctx, c.ID, day(100))
			return err
		})
		if err != nil || len(got) != 4 {
			t.Fatalf("%d intervals, %v, want service, trouble, service, present", len(got), err)
		}
		for n := 1; n < len(got); n++ {
			if !got[n].From.Equal(got[n-1].To) {
				t.Errorf("interval %d begins at %s, the one before ends at %s", n, got[n].From, got[n-1].To)
			}
		}
		if got[1].Status != component.MajorOutage || !got[1].From.Equal(day(10)) || !got[1].To.Equal(day(9)) {
			t.Errorf("the trouble is %+v", got[1])
		}
	})
}

func write(t *testing.T, db *store.DB, f func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}
