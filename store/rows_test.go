package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"candor/store"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	type facts struct {
		Words []string
		Count int64
	}
	eachShifts(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		at := time.Date(2012, 9, 10, 10, 25, 0, 123456000, time.FixedZone("PDT", -7*3600))
		want := facts{[]string{"um", "whoops"}, 1 << 60}
		err := db.Write(ctx, func(tx *store.Tx) error {
			return errors.Join(
				store.Exec(ctx, tx, `INSERT INTO shifts (id, at, facts) VALUES ($1, $2, $3)`, "a", store.Instant(at), store.JSON(&want)),
				store.Exec(ctx, tx, `INSERT INTO shifts (id, at) VALUES ($1, $2)`, "b", store.Instant{}),
			)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Read(ctx, func(tx *store.Tx) error {
			got, err := store.Value[store.Instant](ctx, tx, `SELECT max(at) FROM shifts`)
			if !time.Time(got).Equal(at) {
				t.Errorf("instant %v, want %v", time.Time(got), at)
			}
			none, err2 := store.Value[store.Instant](ctx, tx, `SELECT at FROM shifts WHERE at IS NULL AND id = $1`, "b")
			if !time.Time(none).IsZero() {
				t.Errorf("no instant reads as %v", time.Time(none))
			}
			text, err3 := store.Value[string](ctx, tx, `SELECT facts FROM shifts WHERE id = $1`, "a")
			var read facts
			err4 := store.JSON(&read).Scan(text)
			if !slices.Equal(read.Words, want.Words) || read.Count != want.Count {
				t.Errorf("JSON %+v, want %+v", read, want)
			}
			return errors.Join(err, err2, err3, err4)
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestRowsThatClashOrAreMissing(t *testing.T) {
	ctx := t.Context()
	for _, c := range []struct {
		what string
		do   func(*store.Tx) error
		want error
	}{
		{"a second row with the same key", func(tx *store.Tx) error {
			return store.Exec(ctx, tx, `INSERT INTO shifts (id) VALUES ($1)`, "it's")
		}, store.ErrExists},
		{"a second row with the same taker", func(tx *store.Tx) error {
			return store.Exec(ctx, tx, `INSERT INTO shifts (id, taker) VALUES ($1, $2)`, "x", "Ann")
		}, store.ErrExists},
		{"a call in a shift that is not there", func(tx *store.Tx) error {
			return store.Exec(ctx, tx, `INSERT INTO calls (id, shift_id) VALUES ($1, $2)`, "c", "nope")
		}, store.ErrNotFound},
		{"a change to a row that is not there", func(tx *store.Tx) error {
			return store.ExecOne(ctx, tx, `UPDATE shifts SET name = $1 WHERE id = $2`, "x", "nope")
		}, store.ErrNotFound},
		{"a look at a row that is not there", func(tx *store.Tx) error {
			_, err := store.Value[string](ctx, tx, `SELECT name FROM shifts WHERE id = $1`, "nope")
			return err
		}, store.ErrNotFound},
	} {
		t.Run(c.what, func(t *testing.T) {
			eachShifts(t, func(t *testing.T, db *store.DB) {
				if err := db.Write(ctx, c.do); !errors.Is(err, c.want) {
					t.Errorf("got %v, want %v", err, c.want)
				}
			})
		})
	}
}
