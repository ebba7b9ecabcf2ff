package desk_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"candor/amends"
	"candor/audience"
	"candor/desk"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// BenchmarkDraftCredits drafts what as many customers are owed as CANDOR_BENCH_CUSTOMERS says, all of them affected.
func BenchmarkDraftCredits(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("CANDOR_BENCH_CUSTOMERS"))
	if err != nil {
		n = 10_000
	}
	for _, kind := range []struct {
		name string
		url  func(testing.TB) string
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		b.Run(kind.name, func(b *testing.B) {
			ctx := staff.As(b.Context(), staff.Actor{System: "bench"})
			db, err := store.Open(ctx, kind.url(b))
			if err != nil {
				b.Fatal(err)
			}
			d := withServices(b, db)
			if _, err := d.ImportCustomers(ctx, customersFile(n), desk.Import{}); err != nil {
				b.Fatal(err)
			}
			i := failed(ctx, b, db, "DNS", time.Date(2024, 4, 10, 10, 0, 0, 0, time.UTC), time.Hour)
			for b.Loop() {
				_, all, err := d.DraftCredits(ctx, desk.Draft{Incident: i.Code, Contracts: contract(b, aTenth)}, func(audience.Customer, amends.Owed) error { return nil })
				if err != nil || all.Customers != n || all.Sums["EUR"].Customers != n {
					b.Fatalf("%+v, %v", all, err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "customers/s")
			if err := db.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}
