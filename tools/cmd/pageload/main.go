// Command pageload asks a web server on loopback for pages, closed or open
// loop, and prints one JSON line of results; see README.md.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"candor/tools/internal/proc"
)

func main() {
	var urls, headers list
	flag.Var(&urls, "url", "page to ask for (repeat it: each connection takes them in turn)")
	flag.Var(&headers, "header", "request header, 'Name: value' (repeat)")
	conns := flag.Int("c", 64, "connections")
	dur := flag.Duration("d", 10*time.Second, "how long to measure")
	warm := flag.Duration("warmup", time.Second, "run this long before measuring")
	maxN := flag.Int64("n", 0, "stop after this many measured requests (0: by time only)")
	rate := flag.Float64("rate", 0, "open loop: requests a second in all, sent when due whatever came back (0: closed loop)")
	enc := flag.String("encoding", "gzip", "Accept-Encoding to send: gzip, br, identity, or any text")
	inm := flag.Bool("inm", false, "send If-None-Match with the last ETag each connection saw")
	noKA := flag.Bool("no-keepalive", false, "a new connection for each request")
	timeout := flag.Duration("timeout", 10*time.Second, "a request's limit, dialling included")
	insecure := flag.Bool("insecure", false, "https: do not check the certificate")
	digest := flag.Bool("digest", false, "hash the 200 bodies and report how many different ones came (costs client CPU)")
	pids := flag.String("pid", "", "the server's process ids, comma separated: report its memory and CPU")
	flag.Parse()

	watch, err := proc.ParsePIDs(*pids)
	check(err)
	o := &options{inm: *inm, keepAlive: !*noKA, timeout: *timeout, insecure: *insecure, digest: *digest}
	for _, u := range urls {
		t, err := parse(u, *enc, headers, o.keepAlive)
		check(err)
		o.targets = append(o.targets, t)
	}
	if len(o.targets) == 0 {
		check(errors.New("give -url"))
	}

	out := map[string]any{"tool": "pageload", "urls": []string(urls), "conns": *conns, "encoding": *enc, "inm": *inm, "keepalive": o.keepAlive}
	if *warm > 0 {
		load(o, *conns, *warm, *rate, 0)
	}
	stop := proc.Watch(watch, 100*time.Millisecond)
	cpu := proc.Self()
	t0 := time.Now()
	res, unsent := load(o, *conns, *dur, *rate, *maxN)
	took := time.Since(t0).Seconds()
	report(out, res, took, *rate, unsent, proc.Self()-cpu, stop(), len(watch) > 0)
	json.NewEncoder(os.Stdout).Encode(out)
}

func report(out map[string]any, r *result, took, rate float64, unsent int64, cpu float64, srv proc.Report, watched bool) {
	ok := uint64(0)
	st := map[string]uint64{}
	for c, n := range r.status {
		st[strconv.Itoa(c)] += n
		if c < 400 {
			ok += n
		}
	}
	out["mode"] = "closed"
	if rate > 0 {
		out["mode"], out["rate_asked"], out["unsent"] = "open", rate, unsent
	}
	out["seconds"] = round(took, 3)
	out["responses"] = r.requests
	out["ok"] = ok
	out["rps"] = round(float64(r.requests)/took, 1)
	out["mb_per_s"] = round(float64(r.bytes)/took/1e6, 2)
	out["status"] = st
	out["errors"] = r.errs
	out["dials"] = r.dials
	out["latency"] = r.lat.Summarize()
	out["ttfb"] = r.ttfb.Summarize()
	out["client_cpu_s"] = round(cpu, 2)
	if len(r.bodies) > 0 {
		out["bodies"] = r.bodies
	}
	if watched {
		out["server"] = srv
		if r.requests > 0 {
			out["server_cpu_us_per_req"] = round(srv.CPUSeconds*1e6/float64(r.requests), 2)
		}
	}
}

func round(f float64, n int) float64 {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'f', n, 64), 64)
	return v
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "pageload:", err)
		os.Exit(2)
	}
}

type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }
