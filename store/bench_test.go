package store_test

import (
	"fmt"
	"testing"

	"candor/store"
	"candor/store/storetest"
)

func eachBench(b *testing.B, f func(b *testing.B, db *store.DB)) {
	b.Run("sqlite", func(b *testing.B) { f(b, shifts(b, storetest.SQLite(b))) })
	b.Run("postgres", func(b *testing.B) { f(b, shifts(b, storetest.Postgres(b))) })
}

const insert = `INSERT INTO shifts (id, name, oncall, at, facts)`

// One row, durable: the least that an act costs.
func BenchmarkWrite(b *testing.B) {
	eachBench(b, func(b *testing.B, db *store.DB) {
		ctx, n := b.Context(), 0
		for b.Loop() {
			n++
			err := db.Write(ctx, func(tx *store.Tx) error {
				return store.Exec(ctx, tx, insert+` VALUES ($1, $2, $3, $4, $5)`, fmt.Sprint("row ", n), "Ann", true, 1347297900000000, "{}")
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

// Five hundred rows in one go, as fan-out and groups of results come.
func BenchmarkBatch(b *testing.B) {
	const size = 500
	eachBench(b, func(b *testing.B, db *store.DB) {
		ctx, n := b.Context(), 0
		for b.Loop() {
			err := db.Batch(ctx, func(tx *store.Tx) error {
				for range size {
					n++
					err := store.Exec(ctx, tx, insert+` VALUES ($1, $2, $3, $4, $5)`, fmt.Sprint("row ", n), "Ann", true, int64(1347297900000000), "{}")
					if err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
	})
}
