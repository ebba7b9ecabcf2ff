// Command bench measures one update to many subscribers: how long the act takes, when the first mail is on the wire, when all are accepted,
// and, with kills, whether anybody was lost or told twice. It prints one line of JSON per run.
//
//	bench -db sqlite:/tmp/bench.db -n 100000 -connections 50
//	bench -db 'postgres://…' -candor bin/candor -kills 20
//
// The SMTP sink runs in this process, Candor in a child: bin/candor if -candor names it, else the delivery machine alone. Loopback only.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"
)

// options are what a run is asked for.
type options struct {
	db          string
	n           int
	domains     int
	connections int
	kills       int
	mostRepeats int
	dkim        string
	candor      string
	profile     string
	latency     time.Duration
	log         bool
}

func main() {
	var o options
	flag.StringVar(&o.db, "db", "", "database: sqlite:PATH or postgres://…, empty of contacts; default a file that is removed")
	flag.IntVar(&o.n, "n", 100_000, "subscribers")
	flag.IntVar(&o.domains, "domains", 1, "how many domains they are spread over")
	flag.IntVar(&o.connections, "connections", 50, "connections to the relay")
	flag.IntVar(&o.kills, "kills", 0, "kill -9, at random moments and at each failpoint in turn")
	flag.IntVar(&o.mostRepeats, "most-repeats", 0, "fail if more messages came twice; 0 allows one for each connection and kill")
	flag.StringVar(&o.dkim, "dkim", "", "sign with ed25519 or rsa")
	flag.StringVar(&o.candor, "candor", "", "the candor binary; empty measures the delivery machine alone")
	flag.StringVar(&o.profile, "cpuprofile", "", "write the worker's CPU profile there (not with -candor)")
	flag.DurationVar(&o.latency, "latency", 0, "the sink's answer to each message takes so long")
	flag.BoolVar(&o.log, "log", false, "show the worker's log")
	plans := flag.Bool("plan", false, "measure planning to so many customers, and counting them; nothing is sent")
	worker := flag.String("worker", "", "internal: run as the worker that posts and delivers")
	flag.Parse()
	if *worker != "" {
		exit(work(context.Background(), *worker))
	}
	if *plans {
		exit(plan(context.Background(), o))
	}
	r, err := run(context.Background(), o)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(r)
	}
	exit(err)
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Report is what a run found. Seconds count from the moment the word was posted.
type Report struct {
	Database     string           `json:"database"`
	Candor       bool             `json:"candor_binary"`
	Subscribers  int              `json:"subscribers"`
	Connections  int              `json:"connections"`
	Signed       string           `json:"signed,omitempty"`
	PostMS       float64          `json:"post_ms"`
	FirstMailS   float64          `json:"first_mail_s"`
	AcceptedS    float64          `json:"all_accepted_s"`
	LedgerS      float64          `json:"ledger_complete_s"`
	PerSecond    float64          `json:"msgs_per_s"`
	SigningAlone float64          `json:"signing_alone_per_s,omitempty"`
	OfSigning    float64          `json:"of_signing_alone,omitempty"`
	WaitingAlone float64          `json:"waiting_alone_per_s,omitempty"` // connections ÷ latency
	OfWaiting    float64          `json:"of_waiting_alone,omitempty"`
	WorkerCPUus  float64          `json:"candor_cpu_us_per_msg"`
	RSSMB        float64          `json:"rss_peak_mb"`
	Lost         int64            `json:"lost"`
	Repeats      int64            `json:"repeats"`
	OtherID      int64            `json:"repeats_with_another_message_id"`
	MostPerOne   int64            `json:"most_copies_to_one"`
	Kills        int              `json:"kills"`
	Failpoints   map[string]int   `json:"kills_at_failpoints,omitempty"`
	RepeatsBound int64            `json:"repeats_allowed"`
	Ledger       map[string]int64 `json:"ledger"`
}
