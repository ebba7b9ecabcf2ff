package app

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"candor/duty"
	"candor/id"
	"candor/incident"
	"candor/promise"
	"candor/record"
	"candor/record/verify"
	"candor/store"
	"candor/store/storetest"
)

// BenchmarkVerify adds a whole log up again, as candor verify does, from a node of its own: a million entries must take ten seconds at most
// (T24). CANDOR_ENTRIES says how many, 50,000 if nothing does.
func BenchmarkVerify(b *testing.B) {
	entries := 50_000
	if n, err := strconv.Atoi(os.Getenv("CANDOR_ENTRIES")); err == nil {
		entries = n
	}
	r := newRecorded(b, storetest.SQLite(b))
	at := time.Now()
	for n := 0; n < entries; n += 1000 {
		r.write(func(ctx context.Context, tx *store.Tx) error {
			facts := make([]record.Fact, 1000)
			for i := range facts {
				at = at.Add(time.Microsecond)
				facts[i] = record.OfPromise(r.bad.Code, promiseOf(n+i, at), at)[0]
			}
			return tx.Record.Add(ctx, facts...)
		})
	}
	base, err := r.config.base()
	r.must(err)
	node := duty.New(duty.Config{DB: r.db, Node: "bench", PublicURL: base})
	for more := true; more; {
		more, err = node.Sequence(r.ctx())
		r.must(err)
	}
	for b.Loop() {
		found, err := verify.Run(r.ctx(), verify.Task{Page: r.source, Host: r.host, Workers: 2 * runtime.NumCPU(), Pages: 1})
		r.must(err)
		if found.Size < int64(entries) {
			b.Fatal(found.Size)
		}
	}
	b.ReportMetric(float64(entries), "entries")
}

// BenchmarkAppend is what writing down costs beside an act: the facts of one update, in a transaction that does nothing else and in one that
// writes nothing down (T24: a millisecond at most).
func BenchmarkAppend(b *testing.B) {
	for _, facts := range []int{0, 6} {
		b.Run(fmt.Sprintf("facts=%d", facts), func(b *testing.B) {
			r := newRecorded(b, storetest.SQLite(b))
			n := 0
			for b.Loop() {
				r.write(func(ctx context.Context, tx *store.Tx) error {
					if err := tx.Changes.Add(ctx, "incident:"+string(r.bad.ID), time.Now()); err != nil {
						return err
					}
					all := make([]record.Fact, facts)
					for i := range all {
						n++
						all[i] = record.OfUpdate(r.bad.Code, incident.Update{Code: "x", Number: n, At: time.Now(), Body: english("We are still working on it.")})
						all[i].Key = "bench " + strconv.Itoa(n)
					}
					return tx.Record.Add(ctx, all...)
				})
			}
		})
	}
}

func promiseOf(n int, at time.Time) promise.Promise {
	return promise.Promise{ID: id.Promise("prm_" + strconv.Itoa(n)), Kind: promise.NextUpdate, Promiser: "per_x", MadeAt: at, DueAt: at.Add(time.Hour)}
}
