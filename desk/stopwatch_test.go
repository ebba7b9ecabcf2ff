package desk_test

import (
	"fmt"
	"math"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/staff"
	"candor/store"
)

// B13: whoever holds a stopwatch must not learn whether a mail address is known. These run in make bench, not in tests: they report the mean
// gap between known and unknown in milliseconds (at most 1 is allowed) and the chance that so large a gap means nothing (Welch, above 0.01).

func BenchmarkB13SignIn(b *testing.B) {
	d, db := stopwatchDesk(b)
	hash, err := staff.HashPassword("a long enough pass phrase")
	if err != nil {
		b.Fatal(err)
	}
	const people, tries = 120, 9 // ten wrong guesses in a quarter of an hour lock an address
	for n := range people {
		p := staff.Person{ID: id.New[id.Person](time.Now()), Name: "Ann", Mail: mailOf("known", n), Language: lang.English, Roles: []staff.Role{staff.Viewer}, PasswordHash: hash, CreatedAt: time.Now()}
		if err := db.Write(b.Context(), func(tx *store.Tx) error { return tx.People.Add(b.Context(), p, p.Mail) }); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		var known, unknown []float64
		for try := range tries {
			for n := range people {
				from := fmt.Sprintf("10.%d.%d.1", try, n)
				for sample, kind := range map[*[]float64]string{&known: "known", &unknown: "unknown"} {
					began := time.Now()
					if _, _, err := d.SignIn(b.Context(), mailOf(kind, n), "not the pass phrase", from); err == nil {
						b.Fatal("a wrong pass phrase signs in")
					}
					*sample = append(*sample, milliseconds(began))
				}
			}
		}
		compared(b, known, unknown)
	}
}

func BenchmarkB13Subscribe(b *testing.B) {
	const people, sites = 140, 8 // beyond 300 an hour everybody is asked to wait, so each site asks 280 times
	for b.Loop() {
		var known, unknown []float64
		for range sites {
			d, _ := stopwatchDesk(b)
			ctx := staff.As(b.Context(), staff.Actor{System: "bench"})
			for n := range people {
				if _, err := d.AddSubscriber(ctx, desk.Subscription{Address: mailOf("known", n), Language: lang.English}, true); err != nil {
					b.Fatal(err)
				}
			}
			for n := range people {
				for sample, kind := range map[*[]float64]string{&known: "known", &unknown: "unknown"} {
					began := time.Now()
					if _, err := d.Subscribe(b.Context(), desk.Subscription{Address: mailOf(kind, n), Language: lang.English, IP: fmt.Sprintf("10.1.%d.1", n)}); err != nil {
						b.Fatal(err)
					}
					*sample = append(*sample, milliseconds(began))
				}
			}
		}
		compared(b, known, unknown)
	}
}

func stopwatchDesk(b *testing.B) (*desk.Desk, *store.DB) {
	b.Helper()
	db, err := store.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "c.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	return desk.New(db, &url.URL{Scheme: "https", Host: "status.example"}, nil), db
}

func mailOf(kind string, n int) string { return fmt.Sprintf("%s%03d@harbour.example", kind, n) }

func milliseconds(began time.Time) float64 {
	return float64(time.Since(began)) / float64(time.Millisecond)
}

func compared(b *testing.B, known, unknown []float64) {
	b.Helper()
	m1, v1 := moments(known)
	m2, v2 := moments(unknown)
	t := (m1 - m2) / math.Sqrt(v1/float64(len(known))+v2/float64(len(unknown)))
	b.ReportMetric(math.Abs(m1-m2), "gap-ms")
	b.ReportMetric(math.Erfc(math.Abs(t)/math.Sqrt2), "p") // with hundreds of samples Student's distribution is the normal one
	b.ReportMetric(m1, "known-ms")
	b.ReportMetric(m2, "unknown-ms")
	b.ReportMetric(float64(len(known)), "samples")
}

func moments(all []float64) (mean, variance float64) {
	for _, x := range all {
		mean += x / float64(len(all))
	}
	for _, x := range all {
		variance += (x - mean) * (x - mean) / float64(len(all)-1)
	}
	return mean, variance
}
