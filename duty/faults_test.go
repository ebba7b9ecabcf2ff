package duty_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"candor/audience"
	"candor/duty"
	"candor/id"
	"candor/reach"
	"candor/reach/dry"
	"candor/store"
	"candor/store/storetest"
)

// inBubble runs f on a SQLite file with fake time: three days of patience take moments. PostgreSQL's sockets cannot live in a bubble; what
// these tests are about is decided above the database.
func inBubble(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Crowd(t) // hours of made-up time on SQLite
	url := storetest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(began.Add(time.Minute))) // a bubble begins in the year 2000
		f(t, newWorld(t, storetest.Open(t, url)))
	})
}

func (w *world) delivery(a reach.Announcement, to audience.Address) (found reach.Delivery) {
	w.t.Helper()
	if err := w.db.Read(w.t.Context(), func(tx *store.Tx) error {
		all, err := tx.Deliveries.Page(w.t.Context(), a.ID, "", "", 10_000)
		for _, d := range all {
			if d.Address == to {
				found = d
			}
		}
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return found
}

func TestAGreylistedMailComesAgainAsTheSameMessage(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		people := w.subscribers(20, example)
		out := dry.New("email")
		grey := string(people[7].Address)
		out.Script(grey, reach.Result{Outcome: reach.Temporary, Code: "4.7.1", Reason: reach.ReasonGreylisted},
			reach.Result{Outcome: reach.Taken, Reason: reach.ReasonAccepted})
		a := w.announce(reach.First)
		w.start(w.node("one", through(out)))
		start := time.Now()
		w.until(a, "the others", told(19))
		if waited := time.Since(start); waited > 5*time.Second {
			t.Errorf("one greylisted mail held the others for %s", waited)
		}
		w.until(a, "the second attempt", told(20))
		var tries []dry.Attempt
		for _, try := range out.Attempts() {
			if try.Message.To == grey {
				tries = append(tries, try)
			}
		}
		if len(tries) != 2 || tries[0].Message.MessageID != tries[1].Message.MessageID || !tries[0].Message.Date.Equal(tries[1].Message.Date) {
			t.Fatalf("%d attempts, or they differ", len(tries))
		}
		if wait := tries[1].At.Sub(tries[0].At); wait < 45*time.Second || wait > 75*time.Second {
			t.Errorf("the second attempt came after %s, want about a minute", wait)
		}
		if tries[1].Message.Attempt != 2 {
			t.Errorf("the second attempt is number %d", tries[1].Message.Attempt)
		}
	})
}

func TestAHardBounceEndsThereAndSilencesTheAddress(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		people := w.subscribers(5, example)
		out := dry.New("email")
		gone := people[2].Address
		out.Script(string(gone), reach.Result{Outcome: reach.Permanent, Code: "5.1.1", Reason: reach.ReasonNoMailbox})
		w.start(w.node("one", through(out)))
		a := w.announce(reach.First)
		w.until(a, "an end", func(c reach.Counts) bool { return c[reach.Bounced] == 1 && c[reach.Accepted] == 4 })
		next := w.announce(reach.Ordinary)
		w.until(next, "an end", func(c reach.Counts) bool { return c[reach.Suppressed] == 1 && c[reach.Accepted] == 4 })
		if d := w.delivery(next, gone); d.Reason != string(audience.HardBounce) {
			t.Errorf("suppressed because %q", d.Reason)
		}
	})
}

func TestARefusalOfUsAlarmsTheOperatorAndKeepsTheRecipient(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		people := w.subscribers(1, example)
		out := dry.New("email")
		out.Script(string(people[0].Address), reach.Result{Outcome: reach.Refused, Code: "5.7.515", Reason: reach.ReasonUnproven},
			reach.Result{Outcome: reach.Taken, Reason: reach.ReasonAccepted})
		said := &lockedBuffer{}
		a := w.announce(reach.First)
		w.start(duty.New(duty.Config{DB: w.db, Log: slog.New(slog.NewTextHandler(said, nil)), Node: "one", PublicURL: publicURL, Channels: through(out)}))
		w.until(a, "the refusal", func(c reach.Counts) bool { return c[reach.RetryAt] == 1 })
		if !strings.Contains(said.String(), "refused because of us") || !strings.Contains(said.String(), "5.7.515") || strings.Contains(said.String(), string(people[0].Address)) {
			t.Errorf("the log says %s", said)
		}
		w.until(a, "a later attempt", told(1))
	})
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// poisonous panics for some addresses, as a letter with a bug in it would.
type poisonous struct{ reach.Channel }

func (p poisonous) Open(ctx context.Context) (reach.Session, error) {
	s, err := p.Channel.Open(ctx)
	return poisonousSession{s}, err
}

type poisonousSession struct{ reach.Session }

func (s poisonousSession) Send(ctx context.Context, m reach.Message) reach.Result {
	if strings.HasPrefix(m.To, "reader0000") && strings.Contains(m.To, "0@") && !strings.Contains(m.To, "00@") {
		panic("a bug")
	}
	return s.Session.Send(ctx, m)
}

func TestAPoisonedMessageIsIsolatedAfterThreeTries(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.subscribers(300, example)
		out := dry.New("email")
		a := w.announce(reach.First)
		w.start(w.node("one", through(poisonous{out})))
		// reader000010 … reader000090: nine of three hundred.
		c := w.until(a, "an end", func(c reach.Counts) bool { return c[reach.Poisoned] == 9 && c[reach.Accepted] == 291 })
		if c.All() != 300 {
			t.Errorf("the ledger says %v", c)
		}
		if d := w.delivery(a, "reader000010@example.com"); d.Attempt != 3 || d.Reason != reach.ReasonOurFault {
			t.Errorf("isolated after %d attempts: %q", d.Attempt, d.Reason)
		}
	})
}

func TestATarpitSlowsNobodyElse(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		// Every tenth of the domains is a tarpit: it takes each mail, after fifteen seconds.
		people := w.subscribers(1000, func(i int) string { return fmt.Sprintf("mail%d.example", i%20) })
		out := dry.New("email")
		healthy := 0
		for i, p := range people {
			out.Delay(string(p.Address), 10*time.Millisecond)
			if i%20 == 3 || i%20 == 13 {
				out.Delay(string(p.Address), 15*time.Second)
			} else {
				healthy++
			}
		}
		a := w.announce(reach.First)
		start := time.Now()
		w.start(w.node("one", through(out)))
		w.until(a, "the healthy domains", told(int64(healthy)))
		// 900 mails of 10 ms over 10 connections are 0.9 s; with two connections lost to the tarpits 1.2 s, and the ledger's own moments.
		if took := time.Since(start); took > 6*time.Second {
			t.Errorf("the healthy domains took %s", took)
		}
		w.until(a, "the tarpits to go on, one at a time", told(int64(healthy)+4))
		for _, d := range out.Attempts() {
			if d.Message.Attempt != 1 {
				t.Errorf("%s was tried %d times", d.Message.To, d.Message.Attempt)
				break
			}
		}
	})
}

func TestAFirstWordOvertakesARunningBulkSend(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		people := w.subscribers(3000, example)
		out := dry.New("email")
		for _, p := range people {
			out.Delay(string(p.Address), 100*time.Millisecond)
		}
		bulk := w.announce(reach.Ordinary)
		d := w.node("one", through(out))
		w.start(d)
		w.until(bulk, "the bulk to run", told(200))
		at := time.Now()
		first := w.announce(reach.First)
		d.Wake()
		w.until(first, "the first word to begin", told(1))
		if took := time.Since(at); took > 2*time.Second {
			t.Errorf("the first word waited %s", took)
		}
		between := w.counts(bulk).Told()
		w.until(first, "the first word to end", told(3000))
		after := w.counts(bulk).Told()
		if after-between > 100 {
			t.Errorf("%d bulk mails went out while the first word waited", after-between)
		}
	})
}

func TestWhenTheRelayIsDownEverythingWaitsAndNothingIsUsedUp(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.subscribers(50, example)
		out := dry.New("email")
		out.Close(fmt.Errorf("connection refused"))
		a := w.announce(reach.First)
		w.start(w.node("one", through(out)))
		time.Sleep(10 * time.Minute)
		if c := w.counts(a); c.Told() != 0 || c.All() != 50 || c[reach.Failed] != 0 {
			t.Errorf("while the relay is down the ledger says %v", c)
		}
		explained := 0
		for n := range 50 {
			if w.delivery(a, audience.Address(fmt.Sprintf("reader%06d@example.com", n))).Reason == reach.ReasonNoConnection {
				explained++
			}
		}
		if explained == 0 {
			t.Error("while the relay is down the ledger does not say why letters wait")
		}
		out.Close(nil)
		start := time.Now()
		w.until(a, "all", told(50))
		if took := time.Since(start); took > time.Minute {
			t.Errorf("it took %s to notice that the relay is back", took)
		}
		for _, try := range out.Attempts() {
			if try.Message.Attempt != 1 {
				t.Fatalf("attempt %d", try.Message.Attempt)
			}
		}
	})
}

func TestWithoutAMailServerLettersLieInTheOutboxAndNobodyCountsAsTold(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.subscribers(3, example)
		a := w.announce(reach.First)
		w.start(w.node("one", nothing))
		c := w.until(a, "the outbox", func(c reach.Counts) bool { return c[reach.Suppressed] == 3 })
		if c.Told() != 0 {
			t.Errorf("told %d", c.Told())
		}
		if err := w.db.Read(t.Context(), func(tx *store.Tx) error {
			kept, err := tx.Outbox.Page(t.Context(), store.Kept{}, 10)
			if err != nil || len(kept) != 3 {
				t.Fatalf("%d letters: %v", len(kept), err)
			}
			whole, err := tx.Outbox.ByDelivery(t.Context(), kept[0].Delivery)
			if !strings.Contains(whole.HTML, "/en/unsubscribe/") || !strings.Contains(whole.Text, "Nobody attacked us") {
				t.Errorf("the letter reads %q", whole.Text)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestOnlyWhoChoseTheComponentAndExistedThenIsTold(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		people := w.subscribers(4, example)
		late := people[3]
		late.ConfirmedAt = time.Now().Add(time.Hour)
		ended := people[2]
		ended.EndedAt = time.Now()
		w.write(func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Contacts.Save(ctx, late); err != nil {
				return err
			}
			return tx.Contacts.Save(ctx, ended)
		})
		out := dry.New("email")
		a := w.announce(reach.First)
		w.start(w.node("one", through(out)))
		c := w.until(a, "two", told(2))
		if c.All() != 2 {
			t.Errorf("the ledger says %v", c)
		}
	})
}

func TestAnAnnouncementToSomebodyUnknownStopsNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.write(func(ctx context.Context, tx *store.Tx) error {
			return tx.Announcements.Add(ctx, reach.Announcement{
				ID: id.New[id.Announcement](time.Now()), Kind: reach.OnTest,
				Target: audience.Target{Person: "per_unknown"}, Priority: reach.Urgent, AsOf: time.Now(),
			})
		})
		w.subscribers(2, example)
		a := w.announce(reach.First)
		w.start(w.node("one", through(dry.New("email"))))
		w.until(a, "the others", told(2))
	})
}
