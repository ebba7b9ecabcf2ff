package app

import (
	"fmt"
	"os"
	"runtime"
	rt "runtime/metrics"
	"strconv"
	"strings"
)

// runtimeFigures are the runtime's own, under the names that Prometheus' library for Go gives them: dashboards know them.
var runtimeFigures = [...]struct{ of, name, kind, help string }{
	{"/sched/goroutines:goroutines", "go_goroutines", "gauge", "Number of goroutines that currently exist."},
	{"/memory/classes/heap/objects:bytes", "go_memstats_alloc_bytes", "gauge", "Bytes of heap in use."},
	{"/gc/heap/allocs:bytes", "go_memstats_alloc_bytes_total", "counter", "Bytes allocated in all."},
	{"/gc/heap/objects:objects", "go_memstats_heap_objects", "gauge", "Objects on the heap."},
	{"/gc/heap/goal:bytes", "go_memstats_next_gc_bytes", "gauge", "Size of the heap at which the collector runs next."},
	{"/memory/classes/total:bytes", "go_memstats_sys_bytes", "gauge", "Bytes obtained from the system."},
	{"/gc/gomemlimit:bytes", "go_gc_gomemlimit_bytes", "gauge", "The limit of memory the runtime keeps to (GOMEMLIMIT)."},
	{"/sched/gomaxprocs:threads", "go_sched_gomaxprocs_threads", "gauge", "How many threads run Go code at once (GOMAXPROCS)."},
}

func (x *exposition) runtime() {
	x.head("go_info", "gauge", "The version of Go this was built with.")
	fmt.Fprintf(x, "go_info{version=%q} 1\n", runtime.Version())
	samples := make([]rt.Sample, len(runtimeFigures))
	for i, f := range runtimeFigures {
		samples[i].Name = f.of
	}
	rt.Read(samples)
	for i, f := range runtimeFigures {
		if samples[i].Value.Kind() != rt.KindUint64 {
			continue // a later Go does not know it any more
		}
		x.head(f.name, f.kind, f.help)
		fmt.Fprintf(x, "%s %d\n", f.name, samples[i].Value.Uint64())
	}
}

// ticks of a second are what Linux counts the time of a process in, wherever Go runs.
const ticks = 100

// process is what Linux says of this process; other systems do not say it in files, and there it is left out.
func (x *exposition) process() {
	if open, err := os.ReadDir("/proc/self/fd"); err == nil {
		x.gauge("process_open_fds", "Number of open file descriptors.", float64(len(open)-1)) // one is that of the listing itself
	}
	stat, _ := os.ReadFile("/proc/self/stat")
	// The second field is the program's name in brackets, in which anything may stand.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 22 {
		return
	}
	field := func(n int) float64 { // numbered as in proc(5)
		v, _ := strconv.ParseFloat(fields[n-3], 64)
		return v
	}
	x.counter("process_cpu_seconds_total", "Seconds of processor time spent.", (field(14)+field(15))/ticks)
	x.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", field(23))
	x.gauge("process_resident_memory_bytes", "Resident memory size in bytes.", field(24)*float64(os.Getpagesize()))
	system, _ := os.ReadFile("/proc/stat")
	if _, after, found := strings.Cut(string(system), "\nbtime "); found {
		boot, _, _ := strings.Cut(after, "\n")
		if at, err := strconv.ParseFloat(boot, 64); err == nil {
			x.gauge("process_start_time_seconds", "When the process started, in seconds of Unix time.", at+field(22)/ticks)
		}
	}
}
