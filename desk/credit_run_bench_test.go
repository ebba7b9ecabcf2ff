package desk_test

import (
	"encoding/json"
	"os"
	"strconv"
	"testing"
	"time"

	"candor/amends"
	"candor/desk"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// BenchmarkCreditRun reckons a whole run, kept customer by customer, for as many as CANDOR_BENCH_CUSTOMERS says, all of them affected.
func BenchmarkCreditRun(b *testing.B) {
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
			if _, err := d.KeepTerms(ctx, desk.TermsForm{Name: "tenth", Body: json.RawMessage(aTenth)}); err != nil {
				b.Fatal(err)
			}
			digest := ""
			for b.Loop() {
				run, err := d.DraftRun(ctx, desk.RunForm{Incident: i.Code, By: amends.ByContract, Again: true})
				if err != nil {
					b.Fatal(err)
				}
				if run, err = d.ReckonRun(ctx, run.ID, time.Now().Add(time.Hour)); err != nil || run.State != amends.Drafted || run.Totals.Sums["EUR"].Customers != n {
					b.Fatalf("%s %+v, %v", run.State, run.Totals, err)
				}
				if digest != "" && run.Digest != digest {
					b.Fatal("the same facts came to another run")
				}
				digest = run.Digest
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "customers/s")
			if err := db.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}
