package app

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"candor/store"
)

// maxSkew is how far a node's clock may be off the database's before it must not send, lease or fire anything (architecture, "Delivery").
const maxSkew = 2 * time.Second

// healthz answers while the process lives.
func healthz(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }

// readyz answers 200 only when this node can do its work: the database answers and the clocks agree.
func readyz(db *store.DB) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if err := ready(ctx, db); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	}
}

func ready(ctx context.Context, db *store.DB) error {
	if err := db.Ping(ctx); err != nil {
		return fmt.Errorf("the database does not answer")
	}
	skew, err := db.ClockSkew(ctx)
	if err != nil {
		return fmt.Errorf("the database's clock cannot be read")
	}
	if skew.Abs() > maxSkew {
		return fmt.Errorf("this machine's clock is %s off the database's; at most %s is safe", skew.Round(time.Millisecond), maxSkew)
	}
	return nil
}

// metrics serves Prometheus' text format from a registry of this app alone, so that two apps in one process (tests) do not clash.
func metrics(reg *prometheus.Registry) http.Handler {
	reg.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return promhttp.HandlerFor(reg, promhttp.HandlerOpts{})
}
