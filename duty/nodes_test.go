package duty_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"candor/duty"
	"candor/ledger"
	"candor/reach"
	"candor/reach/email"
	"candor/store"
	"candor/store/storetest"
	"candor/tools/sink"
)

func TestTwoNodesTellEverybodyOnceBetweenThem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		n := storetest.Scaled(2000)
		people := w.subscribers(n, example)
		s, address := relay(t, sink.Config{DupKey: "rcpt+message-id", Latency: 2 * time.Millisecond})
		a := w.announce(reach.First)
		w.start(w.node("one", mail(address, 10, nil)))
		w.start(w.node("two", mail(address, 10, nil)))
		c := w.until(a, "all", told(int64(n)))
		if c.All() != int64(n) {
			t.Errorf("the ledger says %v", c)
		}
		check(t, s, people, 0)
	})
}

// F7: a deploy in the middle of a send repeats nothing.
func TestARollingRestartRepeatsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		n := storetest.Scaled(1500)
		people := w.subscribers(n, example)
		s, address := relay(t, sink.Config{DupKey: "rcpt+message-id", Latency: 5 * time.Millisecond})
		a := w.announce(reach.First)
		for restart := 1; restart <= 5; restart++ {
			d := w.node("one", mail(address, 10, nil))
			if err := d.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			w.until(a, "some", told(int64(restart*n/8)))
			w.stop(d)
			if c := w.counts(a); c[reach.Claimed] != 0 {
				t.Errorf("a stopped node holds %d rows", c[reach.Claimed])
			}
		}
		w.start(w.node("one", mail(address, 10, nil)))
		w.until(a, "all", told(int64(n)))
		check(t, s, people, 0)
	})
}

// T1 (and T2's half for one node): a worker is killed twenty times, at every failpoint and at random; nobody is lost, and each kill repeats at
// most one message per open connection, twenty in all per connection. The nightly size, 100,000 and 200 kills, is `make soak`.
func TestT1KillsLoseNobodyAndRepeatAtMostOnePerConnection(t *testing.T) {
	storetest.Crowd(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		const connections, n = 8, 5000
		db := storetest.Open(t, url)
		w := newWorld(t, db)
		people := w.subscribers(n, example)
		s, address := relay(t, sink.Config{DupKey: "rcpt+message-id", Latency: 2 * time.Millisecond})
		a := w.announce(reach.First)
		points := []string{
			"plan:2", "plan:1", "plan:2", "claim:3", "after-dot:40", "after-250:60", "finish:5", "", "claim:1", "after-dot:9", "after-250:1",
			"finish:1", "", "claim:9", "after-dot:90", "after-250:120", "finish:15", "", "after-dot:1", "",
		}
		kills := map[string]int{}
		for _, point := range points {
			p := spawn(t, url, address, point, connections)
			if point == "" {
				w.until(a, "some more", told(w.counts(a).Told()+50))
				p.Process.Signal(syscall.SIGKILL)
			}
			if err := p.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
				t.Fatalf("at %q the worker ended with %v", point, err)
			}
			name, _, _ := strings.Cut(point, ":")
			kills[name]++
		}
		for _, point := range []string{"plan", "claim", reach.AfterDot, reach.After250, "finish", ""} {
			if kills[point] < 2 {
				t.Errorf("%d kills at %q: a fault that was not seen proves nothing", kills[point], point)
			}
		}
		w.start(w.node("worker", mail(address, connections, nil)))
		c := w.until(a, "all", told(n))
		if c.All() != n {
			t.Errorf("the ledger says %v", c)
		}
		check(t, s, people, int64(len(points)*connections))
		t.Logf("%d kills, %d repeats", len(points), s.Report().Duplicates)
	})
}

const workerEnv = "CANDOR_TEST_WORKER"

type workerOrder struct {
	URL, Relay, Failpoint string
	Connections           int
	Book                  string // address of a billing system; then letters stay in the outbox
}

// spawn starts this test binary as a worker.
func spawn(t *testing.T, url, relay, failpoint string, connections int) *exec.Cmd {
	t.Helper()
	return spawnWith(t, workerOrder{URL: url, Relay: relay, Failpoint: failpoint, Connections: connections})
}

func spawnWith(t *testing.T, o workerOrder) *exec.Cmd {
	t.Helper()
	raw, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), workerEnv+"="+string(raw))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

func TestMain(m *testing.M) {
	if raw := os.Getenv(workerEnv); raw != "" {
		if err := worker(raw); err != nil {
			fmt.Fprintln(os.Stderr, "worker:", err)
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// worker delivers until it is killed.
func worker(raw string) error {
	var o workerOrder
	if err := json.NewDecoder(bufio.NewReader(strings.NewReader(raw))).Decode(&o); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	db, err := store.Open(ctx, o.URL)
	if err != nil {
		return err
	}
	name, nth, _ := strings.Cut(o.Failpoint, ":")
	count, _ := strconv.ParseInt(nth, 10, 64)
	var left atomic.Int64
	left.Store(count)
	fail := func(point string) {
		if point == name && left.Add(-1) == 0 {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
	c := duty.Config{
		DB: db, Node: "worker", PublicURL: &url.URL{Scheme: "https", Host: "status.example"},
		Channels: mail(o.Relay, o.Connections, fail), ReturnPath: email.ReturnPath, Failpoint: fail,
	}
	if o.Book != "" {
		c.Channels, c.Book = nothing, ledger.NewStripe("sk_test_1", o.Book)
	}
	d := duty.New(c)
	if err := d.Start(ctx); err != nil {
		return err
	}
	<-ctx.Done()
	return ctx.Err()
}
