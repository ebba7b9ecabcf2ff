package email

import (
	"fmt"
	"sync"
	"testing"

	"candor/id"
	"candor/reach"
	"candor/tools/sink"
)

// F17: a relay that defers some, refuses some, cuts some after taking them and ends every connection after twenty letters. Whoever repeats
// what is temporary reaches everyone who exists, and repeats nothing else: the server's books and ours agree.
func TestF17NobodyIsLostAndOnlyAmbiguousLettersAreRepeated(t *testing.T) {
	t.Parallel()
	const people, connections = 2000, 8
	server, port := startSink(t, sink.Config{Fail4xx: 0.05, Fail5xx: 0.03, Drop: 0.02, DropAt: "accepted", Tries: 2, MaxPerConn: 20, Seed: 7})
	channel, err := New(Config{Host: "127.0.0.1", Port: port, TLS: TLSNone})
	if err != nil {
		t.Fatal(err)
	}
	work := make(chan int, people)
	for n := range people {
		work <- n
	}
	close(work)
	var books ledger
	var group sync.WaitGroup
	for range connections {
		group.Go(func() { books.deliver(t, channel, work) })
	}
	group.Wait()
	report := server.Report()
	if books.taken+books.permanent != people || books.other != 0 {
		t.Errorf("of %d people %d were told, %d do not exist, %d ended otherwise", people, books.taken, books.permanent, books.other)
	}
	if report.UniqueRcpt != int64(books.taken) || report.Injected5xx != int64(books.permanent) {
		t.Errorf("we say %d told and %d refused, the server %d and %d", books.taken, books.permanent, report.UniqueRcpt, report.Injected5xx)
	}
	if report.Duplicates != report.InjectedDrop || report.InjectedDrop != int64(books.ambiguous) || books.ambiguous == 0 {
		t.Errorf("%d repeats for %d ambiguous cuts, of which we noticed %d", report.Duplicates, report.InjectedDrop, books.ambiguous)
	}
	if report.ProtoErrors+report.BareLF+report.LongLines+report.NoKey != 0 {
		t.Errorf("the server complains: %+v", report)
	}
}

type ledger struct {
	sync.Mutex
	taken, permanent, ambiguous, other int
}

// deliver is the least a caller does: repeat what is temporary, replace what is broken.
func (l *ledger) deliver(t *testing.T, channel *Channel, work <-chan int) {
	session, err := channel.Open(t.Context())
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { session.Close() }()
	for n := range work {
		m := bulkMessage()
		m.Delivery, m.To = id.Delivery(fmt.Sprintf("dlv_%026d", n)), fmt.Sprintf("user%d@example.com", n)
		m.MessageID = string(m.Delivery) + "@status.example"
		for m.Attempt = 1; m.Attempt <= 5; m.Attempt++ {
			r := session.Send(t.Context(), m)
			l.count(r, m.Attempt)
			if r.Broken {
				session.Close()
				if session, err = channel.Open(t.Context()); err != nil {
					t.Error(err)
					return
				}
			}
			if r.Outcome != reach.Temporary {
				break
			}
		}
	}
}

func (l *ledger) count(r reach.Result, attempt int) {
	l.Lock()
	defer l.Unlock()
	switch {
	case r.Outcome == reach.Taken:
		l.taken++
	case r.Outcome == reach.Permanent:
		l.permanent++
	case r.Reason == reach.ReasonCutAfterDot:
		l.ambiguous++
	case r.Outcome != reach.Temporary || attempt == 5:
		l.other++
	}
}
