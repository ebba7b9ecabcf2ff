package desk_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"testing"
	"time"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// A customersFile writes itself while it is read, so that a million customers take no memory of the measurement.
func customersFile(n int) io.Reader {
	r, w := io.Pipe()
	go func() {
		fmt.Fprintln(w, "id,name,language,plan,fee,currency,components,email,mobile")
		for i := range n {
			if _, err := fmt.Fprintf(w, "A-%07d,Customer %d GmbH,%s,pro,%d.50,EUR,DNS|Mail,customer.%d@mail%d.example,+4915120%06d\n",
				i, i, []string{"en", "de", "es", "id", "zh-Hant"}[i%5], i%90+9, i, i%200, i%1_000_000); err != nil {
				return
			}
		}
		w.Close()
	}()
	return r
}

// BenchmarkImport takes in as many customers as CANDOR_BENCH_CUSTOMERS says, each with two services, a mail address and a mobile, and once
// more the same ones, who have not changed; then it writes out and erases one of them, as the law allows everybody to ask.
func BenchmarkImport(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("CANDOR_BENCH_CUSTOMERS"))
	if err != nil {
		n = 10_000
	}
	for _, kind := range []struct {
		name string
		url  func(testing.TB) string
	}{{"sqlite", storetest.SQLite}, {"postgres", storetest.Postgres}} {
		b.Run(kind.name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				ctx := staff.As(b.Context(), staff.Actor{System: "bench"})
				db, err := store.Open(ctx, kind.url(b))
				if err != nil {
					b.Fatal(err)
				}
				d := withServices(b, db)
				for _, round := range []string{"first", "again"} {
					began := time.Now()
					if round == "first" {
						b.StartTimer()
					}
					done, err := d.ImportCustomers(ctx, customersFile(n), desk.Import{})
					b.StopTimer()
					if err != nil || done.Added+done.Unchanged != int64(n) || (round == "first") != (done.Added == int64(n)) {
						b.Fatalf("%s: %+v, %v", round, done, err)
					}
					b.ReportMetric(float64(n)/time.Since(began).Seconds(), round+"-rows/s")
				}
				began := time.Now()
				if err := db.Read(ctx, func(tx *store.Tx) error {
					found, err := d.Customers(ctx, tx, "customer "+fmt.Sprint(n/2), "", 50)
					if err == nil && len(found) == 0 {
						err = errors.New("nobody is found by the beginning of a name")
					}
					return err
				}); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "search-ms")
				one := onlyCustomer(ctx, b, d, db, fmt.Sprintf("A-%07d", n/2))
				began = time.Now()
				if _, err := d.ExportCustomer(ctx, one); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "export-ms")
				began = time.Now()
				if err := d.EraseCustomer(ctx, one); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "erase-ms")
				if err := db.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}

func onlyCustomer(ctx context.Context, b *testing.B, d *desk.Desk, db *store.DB, external string) (x id.Customer) {
	b.Helper()
	err := db.Read(b.Context(), func(tx *store.Tx) error {
		found, err := d.Customers(ctx, tx, external, "", 2)
		if err == nil && len(found) != 1 {
			err = fmt.Errorf("%d customers %s", len(found), external)
		}
		if err == nil {
			x = found[0].ID
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return x
}

func withServices(tb testing.TB, db *store.DB) *desk.Desk {
	tb.Helper()
	at := time.Now().UTC().Truncate(time.Microsecond)
	err := db.Write(tb.Context(), func(tx *store.Tx) error {
		for _, name := range []string{"DNS", "Mail", "Web shop"} {
			if err := tx.Components.Add(tb.Context(), component.Component{
				ID: id.New[id.Component](at), Code: id.NewCode(), Name: lang.Text{lang.English: name}, Status: component.Operational, Since: at, CreatedAt: at, UpdatedAt: at,
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return desk.New(db, nil, nil)
}
