package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"candor/store"
)

// healthz answers while the process lives.
func healthz(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }

// readyz answers 200 only when this node can do its work: the database answers and the clocks agree.
func readyz(a *App) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if err := a.ready(ctx); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	}
}

func (a *App) ready(ctx context.Context) error {
	if err := a.db.Ping(ctx); err != nil {
		return errors.New("the database does not answer")
	}
	return a.duty.Fit()
}

// metrics serves Prometheus' text format from a registry of this node alone, so that two nodes in one process (tests) do not clash. Counts
// are read when they are asked for: nothing is counted twice, in memory and in the ledger.
func metrics(reg *prometheus.Registry, a *App) http.Handler {
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), ledger{a})
	return promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
}

// ledger collects what an operator watches during an outage.
type ledger struct{ *App }

var (
	deliveriesDesc = prometheus.NewDesc("candor_deliveries_in_flight", "Messages not yet at an end, by state.", []string{"state"}, nil)
	incidentsDesc  = prometheus.NewDesc("candor_incidents_open", "Incidents customers wait for.", nil, nil)
	lateDesc       = prometheus.NewDesc("candor_promises_late", "Open promises whose time has passed.", nil, nil)
)

// Describe names the collected figures.
func (l ledger) Describe(out chan<- *prometheus.Desc) {
	out <- deliveriesDesc
	out <- incidentsDesc
	out <- lateDesc
}

// Collect reads them; a database that does not answer yields none, which is what an alert should watch for.
func (l ledger) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := l.db.Read(ctx, func(tx *store.Tx) error {
		flight, err := tx.Deliveries.InFlight(ctx)
		if err != nil {
			return err
		}
		for state, n := range flight {
			out <- prometheus.MustNewConstMetric(deliveriesDesc, prometheus.GaugeValue, float64(n), string(state))
		}
		open, err := tx.Incidents.Open(ctx)
		if err != nil {
			return err
		}
		out <- prometheus.MustNewConstMetric(incidentsDesc, prometheus.GaugeValue, float64(len(open)))
		promises, err := tx.Promises.Open(ctx)
		late := 0
		for _, p := range promises {
			if p.Late(time.Now()) > 0 {
				late++
			}
		}
		out <- prometheus.MustNewConstMetric(lateDesc, prometheus.GaugeValue, float64(late))
		return err
	})
	if err != nil {
		l.log.Warn("collect metrics", "err", err)
	}
}
