package app

import (
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"candor/incident"
)

var (
	sampleLine = regexp.MustCompile(`^([a-z_:][a-z0-9_:]*)(\{[a-z_]+="[^"\\]*"\})? (\S+)$`)
	typeLine   = regexp.MustCompile(`^# TYPE (\S+) (gauge|counter)$`)
)

// exposed reads the page as Prometheus does: each figure is named once, after its help and its type.
func (h *house) exposed() map[string]float64 {
	h.t.Helper()
	all, typed := map[string]float64{}, map[string]bool{}
	for line := range strings.Lines(h.get("/metrics").Body.String()) {
		line = strings.TrimSuffix(line, "\n")
		if kind := typeLine.FindStringSubmatch(line); kind != nil {
			if typed[kind[1]] {
				h.t.Errorf("%s comes twice", kind[1])
			}
			typed[kind[1]] = true
			continue
		}
		if strings.HasPrefix(line, "# HELP ") {
			continue
		}
		sample := sampleLine.FindStringSubmatch(line)
		if sample == nil || !typed[sample[1]] {
			h.t.Errorf("%q is no figure that has a type", line)
			continue
		}
		value, err := strconv.ParseFloat(sample[3], 64)
		if _, twice := all[sample[1]+sample[2]]; err != nil || twice {
			h.t.Errorf("%q: %v, twice %t", line, err, twice)
		}
		all[sample[1]+sample[2]] = value
	}
	return all
}

func TestMetricsSayWhatCustomersWaitFor(t *testing.T) {
	h := newHouse(t)
	if before := h.exposed()["candor_incidents_open"]; before != 0 {
		t.Errorf("%v incidents before there is one", before)
	}
	h.declare(incident.Public, "Harbour is down.", h.shop)
	got := h.exposed()
	if got["candor_incidents_open"] != 1 {
		t.Errorf("it says %v", got)
	}
	for _, name := range []string{"candor_promises_late", "go_goroutines", "go_memstats_alloc_bytes", "go_gc_gomemlimit_bytes"} {
		if _, there := got[name]; !there {
			t.Errorf("%s is not among %v", name, got)
		}
	}
	if runtime.GOOS == "linux" && (got["process_resident_memory_bytes"] < 1<<20 || got["process_open_fds"] < 3 || got["process_start_time_seconds"] < 1e9) {
		t.Errorf("the process is said to have %v", got)
	}
}
