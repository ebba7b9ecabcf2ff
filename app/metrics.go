package app

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"candor/reach"
	"candor/store"
)

// metrics serves what an operator watches, in Prometheus' text format. The figures are read when they are asked for: nothing is counted
// twice, in memory and in the ledger. A database that does not answer yields none of its own, which is what an alert should watch for.
func metrics(a *App) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var figures exposition
		figures.runtime()
		figures.process()
		if err := figures.outage(r.Context(), a.db); err != nil {
			a.log.Warn("collect metrics", "err", err)
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		_, _ = w.Write(figures.Bytes())
	})
}

// An exposition is figures in Prometheus' text format: https://prometheus.io/docs/instrumenting/exposition_formats/.
type exposition struct{ bytes.Buffer }

func (x *exposition) head(name, kind, help string) {
	fmt.Fprintf(x, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func (x *exposition) gauge(name, help string, value float64) {
	x.head(name, "gauge", help)
	fmt.Fprintf(x, "%s %v\n", name, value)
}

func (x *exposition) counter(name, help string, value float64) {
	x.head(name, "counter", help)
	fmt.Fprintf(x, "%s %v\n", name, value)
}

// outage is what the ledger says, all of it or nothing.
func (x *exposition) outage(ctx context.Context, db *store.DB) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var flight reach.Counts
	open, late := 0, 0
	err := db.Read(ctx, func(tx *store.Tx) (err error) {
		if flight, err = tx.Deliveries.InFlight(ctx); err != nil {
			return err
		}
		incidents, err := tx.Incidents.Open(ctx)
		if err != nil {
			return err
		}
		open = len(incidents)
		promises, err := tx.Promises.Open(ctx)
		for _, p := range promises {
			if p.Late(time.Now()) > 0 {
				late++
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(flight) > 0 {
		x.head("candor_deliveries_in_flight", "gauge", "Messages not yet at an end, by state.")
	}
	for _, state := range slices.Sorted(maps.Keys(flight)) {
		fmt.Fprintf(x, "candor_deliveries_in_flight{state=%q} %v\n", state, flight[state])
	}
	x.gauge("candor_incidents_open", "Incidents customers wait for.", float64(open))
	x.gauge("candor_promises_late", "Open promises whose time has passed.", float64(late))
	return nil
}
