// Command smtpsink is an ESMTP server on loopback that counts mail; see README.md.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"candor/tools/internal/proc"
	"candor/tools/sink"
)

func main() {
	var c sink.Config
	listen := flag.String("listen", "127.0.0.1:2525", "address; loopback only")
	behaviour(&c)
	linger := flag.Duration("linger", 500*time.Millisecond, "with -expect: wait this long for more, so that extra mail is seen")
	limit := flag.Duration("limit", 0, "stop after this long whatever came (0: never)")
	list := flag.String("recipients", "", "file of expected addresses, one a line: report missing and unexpected")
	stats := flag.String("stats", "", "address of an HTTP page with the live result line; loopback only")
	flag.Parse()

	for _, a := range []string{*listen, *stats} {
		if a != "" && !loopback(a) {
			fatal(fmt.Errorf("%s is not a loopback address", a))
		}
	}
	s, err := sink.New(c)
	if err != nil {
		fatal(err)
	}
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		fatal(err)
	}
	go s.Serve(l)
	if *stats != "" {
		hl, err := net.Listen("tcp", *stats)
		if err != nil {
			fatal(err)
		}
		go http.Serve(hl, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			json.NewEncoder(w).Encode(s.Report())
		}))
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if *limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, *limit)
		defer cancel()
	}
	select {
	case <-ctx.Done():
	case <-s.Done():
		select {
		case <-ctx.Done():
		case <-time.After(*linger):
		}
	}
	l.Close()
	s.Close()
	r := s.Report()
	if *list != "" {
		f, err := os.Open(*list)
		if err != nil {
			fatal(err)
		}
		m, u, err := s.Check(f)
		if err != nil {
			fatal(err)
		}
		r.Missing, r.Unexpected = &m, &u
	}
	json.NewEncoder(os.Stdout).Encode(struct {
		sink.Report
		CPU float64 `json:"sink_cpu_s"`
	}{r, proc.Self()})
}

// behaviour is what the sink does to its senders.
func behaviour(c *sink.Config) {
	flag.DurationVar(&c.Latency, "latency", 0, "wait before the reply to the end of DATA (per transaction)")
	flag.DurationVar(&c.RTT, "rtt", 0, "wait before every group of replies (per round trip)")
	flag.Float64Var(&c.Fail4xx, "fail4xx", 0, "share of recipients deferred with 451")
	flag.StringVar(&c.Fail4xxAt, "fail4xx-at", "rcpt", "command that gets the 451: rcpt or data")
	flag.Float64Var(&c.Fail5xx, "fail5xx", 0, "share of recipients refused with 550 at RCPT, always")
	flag.Float64Var(&c.Drop, "drop", 0, "share of recipients whose connection is cut after DATA")
	flag.StringVar(&c.DropAt, "drop-at", "data", "data: cut before the message counts; accepted: after it counts, before the 250")
	flag.IntVar(&c.Tries, "fail-tries", 1, "attempts that fail before a deferred or cut recipient is let through")
	flag.Uint64Var(&c.Seed, "seed", 1, "which recipients fail")
	flag.StringVar(&c.DupKey, "dup", "message-id", "what makes two deliveries the same: message-id, rcpt, header:NAME, joined with +")
	flag.IntVar(&c.MaxPerConn, "max-per-conn", 0, "messages a connection, then 421")
	flag.IntVar(&c.MaxConns, "max-conns", 0, "connections at once, then 421")
	flag.IntVar(&c.MaxRcpt, "max-rcpt", 1000, "recipients a transaction, then 452")
	flag.BoolVar(&c.StartTLS, "starttls", false, "offer STARTTLS with a throw-away certificate")
	flag.BoolVar(&c.Auth, "auth", false, "offer AUTH PLAIN LOGIN and accept anything")
	flag.StringVar(&c.KeepDir, "keep-dir", "", "where to write kept messages")
	flag.IntVar(&c.Keep, "keep", 0, "write the first N messages to -keep-dir")
	flag.Int64Var(&c.Expect, "expect", 0, "stop after this many messages (and -linger)")
}

func loopback(a string) bool {
	h, _, err := net.SplitHostPort(a)
	if err != nil {
		return false
	}
	if h == "localhost" {
		return true
	}
	ip := net.ParseIP(h)
	return ip != nil && ip.IsLoopback()
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "smtpsink:", err)
	os.Exit(2)
}
