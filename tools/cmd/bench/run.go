package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"candor/reach"
	"candor/store"
	"candor/tools/sink"
)

// A bench is one run.
type bench struct {
	options
	world  world
	db     *store.DB
	sink   *sink.Server
	relay  string
	report Report
	posted time.Time
}

func run(ctx context.Context, o options) (Report, error) {
	b := &bench{options: o, report: Report{Candor: o.candor != "", Subscribers: o.n, Connections: o.connections, Signed: o.dkim, Failpoints: map[string]int{}}}
	if b.options.db == "" {
		dir, err := os.MkdirTemp("", "candor-bench-")
		if err != nil {
			return b.report, err
		}
		defer os.RemoveAll(dir)
		b.options.db = "sqlite:" + filepath.Join(dir, "bench.db")
	}
	b.report.Database, _, _ = strings.Cut(b.options.db, ":")
	if err := errors.Join(b.prepare(ctx), b.bounds()); err != nil {
		return b.report, err
	}
	defer b.db.Close()
	return b.report, b.measure(ctx)
}

// prepare fills the database and opens the sink.
func (b *bench) prepare(ctx context.Context) (err error) {
	if b.db, err = store.Open(ctx, b.options.db); err != nil {
		return err
	}
	if b.world, err = fill(ctx, b.db, b.options); err != nil {
		return err
	}
	b.sink, b.relay, err = sink.Start(sink.Config{DupKey: "rcpt+message-id", Latency: b.latency})
	return err
}

func (b *bench) measure(ctx context.Context) error {
	w, err := b.launch(ctx, "")
	if err != nil {
		return err
	}
	defer func() { w.kill() }()
	began := time.Now()
	if err := w.post(ctx, b.world); err != nil {
		return fmt.Errorf("post: %w", err)
	}
	b.posted = time.Now()
	b.report.PostMS = ms(b.posted.Sub(began))
	firstSeen := make(chan time.Time, 1)
	go func() {
		for b.sink.Report().Messages == 0 {
			time.Sleep(2 * time.Millisecond)
		}
		firstSeen <- time.Now()
	}()
	if w, err = b.torment(ctx, w); err != nil {
		return err
	}
	if err := b.await(ctx, w); err != nil {
		return err
	}
	first := <-firstSeen
	b.report.FirstMailS = first.Sub(began).Seconds()
	w.measure(&b.report)
	return b.settle(ctx, first.Sub(began))
}

// points are killed at in turn, every other kill; the others come at random moments.
var points = [...]string{"plan", "claim", "after-dot", "after-250", "finish"}

// torment kills and restarts the worker while it delivers.
func (b *bench) torment(ctx context.Context, w *process) (*process, error) {
	longest := 500 // milliseconds of life
	if b.kills > 50 {
		longest = 150 // so that all of them fit into the delivery
	}
	for k := 0; b.report.Kills < b.kills; k++ {
		spec := ""
		if k%2 == 1 {
			spec = fmt.Sprintf("%s:%d", points[k/2%len(points)], 1+rand.IntN(20))
			if strings.HasPrefix(spec, "plan") {
				spec = "plan:1"
			}
		}
		if b.complete(ctx) {
			return w, nil // nothing is left to disturb: the report says how many kills there were
		}
		if k > 0 && spec != "" {
			w.kill() // the one before ran without a failpoint
			b.report.Kills++
			var err error
			if w, err = b.launch(ctx, spec); err != nil {
				return w, err
			}
			select {
			case <-w.ended:
				b.report.Failpoints[strings.SplitN(spec, ":", 2)[0]]++
				b.report.Kills++
			case <-time.After(2 * time.Second): // the point is not passed any more
				continue
			}
		} else {
			time.Sleep(time.Duration(100+rand.IntN(longest)) * time.Millisecond)
			w.kill()
			b.report.Kills++
		}
		var err error
		if w, err = b.launch(ctx, ""); err != nil {
			return w, err
		}
	}
	return w, nil
}

func (b *bench) counts(ctx context.Context) (c reach.Counts, err error) {
	err = b.db.Read(ctx, func(tx *store.Tx) error {
		c, err = tx.Announcements.CountsOfIncident(ctx, b.world.incident(ctx, tx))
		return err
	})
	return c, err
}

func (b *bench) complete(ctx context.Context) bool {
	c, err := b.counts(ctx)
	return err == nil && c.Told() >= int64(b.n)
}

// await waits until the ledger is complete; counting a hundred thousand rows costs, so it looks rarely until the sink has nearly all.
func (b *bench) await(ctx context.Context, w *process) error {
	deadline := time.Now().Add(10 * time.Minute)
	for {
		if b.sink.Report().UniqueRcpt >= int64(b.n) && b.complete(ctx) {
			b.report.LedgerS = time.Since(b.posted).Seconds()
			return nil
		}
		select {
		case <-w.ended:
			return errors.New("the worker ended by itself")
		case <-time.After(200 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			c, _ := b.counts(ctx)
			return fmt.Errorf("not all were told within ten minutes: %v", c)
		}
	}
}

// settle compares the ledger with the sink.
func (b *bench) settle(ctx context.Context, first time.Duration) error {
	c, err := b.counts(ctx)
	if err != nil {
		return err
	}
	s := b.sink.Report()
	r := &b.report
	r.AcceptedS = first.Seconds() + s.FirstToLast
	r.PerSecond = s.Rate
	r.compare()
	r.Lost = int64(b.n) - s.UniqueRcpt
	r.Repeats = s.Recipients - s.UniqueRcpt
	r.OtherID = r.Repeats - s.Duplicates
	r.MostPerOne = s.MaxPerRcpt
	r.RepeatsBound = int64(r.Kills * b.connections)
	if b.mostRepeats > 0 {
		r.RepeatsBound = min(r.RepeatsBound, int64(b.mostRepeats))
	}
	if r.Kills < b.kills {
		return fmt.Errorf("only %d of %d kills found something to disturb: make it slower", r.Kills, b.kills)
	}
	if b.kills >= 10*len(points) {
		for _, p := range points {
			if r.Failpoints[p] == 0 {
				return fmt.Errorf("no kill at %q: a fault that was not seen proves nothing", p)
			}
		}
	}
	r.Ledger = map[string]int64{}
	for state, n := range c {
		r.Ledger[string(state)] = n
	}
	if s.ProtoErrors+s.BareLF+s.LongLines+s.NoKey > 0 {
		return fmt.Errorf("the sink saw malformed mail: %+v", s)
	}
	if r.Lost != 0 || r.OtherID != 0 || r.Repeats > r.RepeatsBound || c.Told() != int64(b.n) || c.All() != int64(b.n) {
		return fmt.Errorf("ledger and sink disagree: %+v", *r)
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
