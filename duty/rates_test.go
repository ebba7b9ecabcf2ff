package duty_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/outward"
	"candor/reach"
	"candor/reach/webhook"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

// A program is a customer's: it notes when it was called and by which name.
type program struct {
	*httptest.Server
	mu     sync.Mutex
	calls  []time.Time
	names  map[string]int
	busy   time.Duration // since the first call it answers 429
	missed []time.Time   // calls while busy
}

func startProgram(t *testing.T, busy time.Duration) *program {
	t.Helper()
	p := &program{names: map[string]int{}, busy: busy}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		at := time.Now()
		p.calls = append(p.calls, at)
		if at.Sub(p.calls[0]) < p.busy {
			p.missed = append(p.missed, at)
			w.Header().Set("Retry-After", fmt.Sprint(int((p.busy-at.Sub(p.calls[0]))/time.Second)+1))
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		p.names[r.Header.Get("webhook-id")]++
	}))
	t.Cleanup(p.Close)
	return p
}

func (w *world) programs(p *program, n int) {
	w.t.Helper()
	all := make([]audience.Contact, n)
	for i := range all {
		all[i] = audience.Contact{
			ID: id.New[id.Contact](began), Code: id.NewCode(), Channel: audience.Webhook, Address: audience.Address(fmt.Sprintf("%s/hook/%d", p.URL, i)),
			Keys: webhook.MintSecret(), Language: "en", CreatedAt: began, ConfirmedAt: began,
		}
	}
	w.write(func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Contacts.AddMany(ctx, all)
		return err
	})
}

func (w *world) rate(second int) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *store.Tx) error {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.Rates = settings.Rates{audience.Webhook: second}
		_, err = tx.Settings.Save(ctx, s, version)
		return err
	})
}

func hooks(t *testing.T) func(settings.Settings) (map[string]reach.Channel, error) {
	out := outward.New(outward.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Timeout: 5 * time.Second})
	t.Cleanup(out.Close)
	return through(webhook.New(out))
}

func TestTwoNodesTogetherKeepTheRateOfAChannel(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const second, all = 20, 60
		w, p := newWorld(t, db), startProgram(t, 0)
		w.programs(p, all)
		w.rate(second)
		a := w.announce(reach.First)
		began := time.Now()
		w.start(w.node("one", hooks(t)))
		w.start(w.node("two", hooks(t)))
		w.until(a, "all to be told", told(all))
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.names) != all || len(p.calls) != all {
			t.Errorf("%d calls, %d different, want %d", len(p.calls), len(p.names), all)
		}
		slices.SortFunc(p.calls, time.Time.Compare)
		most := second + second/10 + second/2 // the burst, and what a machine that stalls for half a second holds back
		for i := range p.calls {
			end, _ := slices.BinarySearchFunc(p.calls, p.calls[i].Add(time.Second), time.Time.Compare)
			if n := end - i; n > most {
				t.Fatalf("%d calls within a second, want at most %d", n, most)
			}
		}
		took := p.calls[len(p.calls)-1].Sub(began) // the first call may be late, and the others are not for that
		if least := time.Duration(all-second/10-2) * time.Second / second; took < least {
			t.Errorf("%d calls took %v, want at least %v", all, took, least)
		}
		t.Logf("%d calls by two nodes took %v", all, took)
	})
}

// T25, for a receiver that is overwhelmed: nobody is lost, and no node goes on while it asked to be left alone.
func TestAReceiverThatAsksToWaitIsLeftAloneByEveryNode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		const all = 40
		w, p := newWorld(t, db), startProgram(t, 3*time.Second)
		w.programs(p, all)
		a := w.announce(reach.First)
		w.start(w.node("one", hooks(t)))
		w.start(w.node("two", hooks(t)))
		w.until(a, "all but the refused to be told", func(c reach.Counts) bool { return c.Told() >= all-4 })
		p.mu.Lock()
		defer p.mu.Unlock()
		if n := len(p.missed); n < 1 || n > 4 {
			t.Errorf("%d calls while it asked to be left alone: want one from each node, and no more than two", n)
		}
		for name, n := range p.names {
			if n != 1 {
				t.Errorf("%s came %d times", name, n)
			}
		}
	})
}
