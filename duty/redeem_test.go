package duty_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"candor/amends"
	"candor/audience"
	"candor/desk"
	"candor/duty"
	"candor/id"
	"candor/lang"
	"candor/ledger"
	"candor/ledger/ledgertest"
	"candor/money"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// A bursar is a world with an approved run and somebody in finance who offers it.
type bursar struct {
	*world
	desk    *desk.Desk
	finance context.Context
	run     amends.Run
	sum     int64
}

// newBursar approves a run for n customers, each of whom is owed another sum.
func newBursar(t *testing.T, db *store.DB, n int) *bursar {
	t.Helper()
	b := &bursar{world: newWorld(t, db), desk: desk.New(db, publicURL, nil)}
	finance := staff.Person{
		ID: id.New[id.Person](began), Name: "Finn Abel", Title: lang.Text{"en": "Head of billing"}, Mail: "finn@harbour.example", Language: "en",
		Roles: []staff.Role{staff.Finance}, CreatedAt: began,
	}
	b.finance = staff.As(t.Context(), staff.Actor{Person: finance})
	b.run = amends.Run{
		ID: id.New[id.CreditRun](began), State: amends.Approved, Rule: amends.ByGoodwill, Basis: amends.Basis{Incident: b.incident.ID, Month: "2012-09"},
		MadeBy: finance.ID, MadeAt: began, ApprovedBy: finance.ID, ApprovedAt: began,
	}
	b.write(func(ctx context.Context, tx *store.Tx) error {
		if err := tx.People.Add(ctx, finance, finance.Mail); err != nil {
			return err
		}
		if err := tx.CreditRuns.Add(ctx, b.run); err != nil {
			return err
		}
		var credits []amends.Kept
		for i := range n {
			minor := int64(100 + i)
			fee := money.Amount{Minor: 1099, Currency: "USD"}
			c, err := storetest.AddCustomer(ctx, tx, audience.Customer{External: fmt.Sprintf("cus_%05d", i), Fee: fee}, began, audience.Address(fmt.Sprintf("c%05d@example.com", i)))
			if err != nil {
				return err
			}
			k := amends.Kept{Text: "{}"}
			k.Customer, k.Amount, k.Contract, k.Why = c.ID, money.Amount{Minor: minor, Currency: "USD"}, money.Amount{Minor: 55, Currency: "USD"}, amends.IsGoodwill
			credits, b.sum = append(credits, k), b.sum+minor
		}
		return tx.Credits.Add(ctx, b.run.ID, credits)
	})
	return b
}

// offers says how the run is offered.
func (b *bursar) offers(p amends.Policy) amends.Offering {
	b.t.Helper()
	o, err := b.desk.OfferRun(b.finance, desk.OfferOf{
		Run: b.run.ID, Policy: p, Words: lang.Text{"en": "On 10 September your sites were down for six hours. That was our fault, and I am sorry."}, ExpiresAt: time.Now().Add(9 * 24 * time.Hour),
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return o
}

func (b *bursar) read(f func(ctx context.Context, tx *store.Tx) error) {
	b.t.Helper()
	ctx := context.WithoutCancel(b.t.Context())
	if err := b.db.Read(ctx, func(tx *store.Tx) error { return f(ctx, tx) }); err != nil {
		b.t.Fatal(err)
	}
}

// tokens are what the letters carry.
func (b *bursar) tokens() (all []string) {
	b.t.Helper()
	b.read(func(ctx context.Context, tx *store.Tx) error {
		secret, err := tx.Instance.Secret(ctx, store.LinkSecret)
		if err != nil {
			return err
		}
		for after := id.Customer(""); ; {
			customers, err := tx.Offers.Customers(ctx, b.run.ID, after, false, 1000)
			if err != nil || len(customers) == 0 {
				return err
			}
			for _, c := range customers {
				offers, err := tx.Offers.OfCustomer(ctx, c)
				if err != nil {
					return err
				}
				all, after = append(all, audience.RedeemToken(secret, offers[0].ID, c)), c
			}
		}
	})
	return all
}

func (b *bursar) money() amends.Reconciliation {
	b.t.Helper()
	all, err := b.desk.Reconcile(b.finance, b.run.ID)
	if err != nil || len(all) != 1 {
		b.t.Fatal(all, err)
	}
	return all[0]
}

// awaits waits until the run's money stands so; a database tells nobody when it changes.
func (b *bursar) awaits(what string, so func(amends.Reconciliation) bool) amends.Reconciliation {
	b.t.Helper()
	for deadline := time.Now().Add(90 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		m := b.money()
		if so(m) {
			return m
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("waiting for %s: %+v", what, m)
		}
	}
}

// diesAt lets a node work until it is killed at its failpoint, and reports whether it came by. Without a failpoint it is killed at random.
func diesAt(t *testing.T, order workerOrder) bool {
	t.Helper()
	p := spawnWith(t, order)
	var late atomic.Bool
	patience := 2 * time.Second // for a point that is not come by: then all is booked already
	if order.Failpoint == "" {
		patience = time.Duration(200+rand.IntN(400)) * time.Millisecond
	}
	timer := time.AfterFunc(patience, func() {
		late.Store(true)
		p.Process.Signal(syscall.SIGKILL)
	})
	defer timer.Stop()
	err := p.Wait()
	return err != nil && strings.Contains(err.Error(), "killed") && !late.Load()
}

// redeemAll begins to redeem every token so many times, by the desks in turn, a hundred at once. granted waits until all are through, and says
// how many were told that it was this time.
func redeemAll(t *testing.T, desks []*desk.Desk, tokens []string, times int) (granted func() int64) {
	t.Helper()
	var first atomic.Int64
	var redeeming sync.WaitGroup
	redeeming.Go(func() {
		gate := make(chan struct{}, 100)
		for _, token := range tokens {
			for try := range times {
				gate <- struct{}{}
				redeeming.Go(func() {
					defer func() { <-gate }()
					now, err := desks[try%len(desks)].Redeem(t.Context(), token)
					if err != nil {
						t.Errorf("redeem: %v", err)
					} else if now {
						first.Add(1)
					}
				})
			}
		}
	})
	return func() int64 {
		redeeming.Wait()
		return first.Load()
	}
}

// T4, and B10 at the desk: 500 customers redeem twenty times each at once by two nodes, while the node that books is killed at every point
// and the billing system loses a tenth of its answers. Each is credited exactly once, and the book's sum is the run's, to the cent. CANDOR_SOAK
// makes it 50,000 customers, of whom 500 redeem, and fifty kills.
func TestT4EverybodyIsCreditedOnceWhateverIsLost(t *testing.T) {
	storetest.Crowd(t)
	storetest.EachURL(t, func(t *testing.T, url string) {
		n, kills := 500, 4
		if os.Getenv("CANDOR_SOAK") != "" {
			n, kills = 50_000, 50
		}
		db := storetest.Open(t, url)
		b := newBursar(t, db, n)
		chance, lock := rand.New(rand.NewPCG(4, 4)), sync.Mutex{}
		book := ledgertest.Start(t, func(int) ledgertest.Loss {
			lock.Lock()
			defer lock.Unlock()
			if chance.IntN(10) > 0 {
				return ledgertest.Kept
			}
			return []ledgertest.Loss{ledgertest.BeforeItActs, ledgertest.AfterItActed, ledgertest.AfterItActed, ledgertest.Broken}[chance.IntN(4)]
		})
		work := func(point string) (died bool) {
			return diesAt(t, workerOrder{URL: url, Failpoint: point, Book: book.URL})
		}
		p := amends.UsualPolicy()
		b.offers(p)
		if !work("offer:1") {
			t.Fatal("the worker was not killed while it made offers")
		}
		one := b.node("one", nothing)
		b.start(one)
		b.awaits("the offers", func(m amends.Reconciliation) bool { return m.Missing() == 0 })
		b.stop(one) // from here on only the workers book
		if m := b.money(); m.Offered != b.sum || m.Added != 0 {
			t.Fatalf("Σ offers is %d, the run said %d", m.Offered, b.sum)
		}
		tokens := b.tokens()
		desks := []*desk.Desk{b.desk, desk.New(storetest.Open(t, url), publicURL, nil)}
		granted := redeemAll(t, desks, tokens[:500], 20)
		died := map[string]int{}
		points := []string{"book:1", "booked:1", "", "booked:1", "book:1"}
		for i := range kills {
			if point := points[i%len(points)]; work(point) { // the first two find what was redeemed meanwhile
				died[point]++
			}
		}
		if n := granted(); n != 500 {
			t.Errorf("%d of 500 were told that it was this time", n)
		}
		book.Forget() // and a day passes, after which Stripe knows no idempotency key any more
		for _, name := range []string{"worker", "two"} {
			b.start(duty.New(duty.Config{DB: storetest.Open(t, url), Log: log(t), Node: name, PublicURL: publicURL, Channels: nothing, Book: ledger.NewStripe("sk_test_1", book.URL)}))
		}
		b.awaits("the book", func(m amends.Reconciliation) bool { return m.Count[amends.OfferSettled] == 500 })
		b.holds(book, tokens[:500])
		if died["book:1"] == 0 || died["booked:1"] == 0 || book.Lost() < 20 {
			t.Errorf("killed at %v, %d answers lost: a fault that was not seen proves nothing", died, book.Lost())
		}
	})
}

// holds compares the book with the offers of some tokens: each once, each to the cent, and nothing else.
func (b *bursar) holds(book *ledgertest.Stripe, tokens []string) {
	b.t.Helper()
	want, sum := map[string]int64{}, int64(0)
	for _, token := range tokens {
		o, err := b.desk.OfferByToken(b.t.Context(), token)
		if err != nil {
			b.t.Fatal(err)
		}
		want[string(o.ID)], sum = o.Amount.Minor, sum+o.Amount.Minor
	}
	held := int64(0)
	for _, e := range book.Entries() {
		if want[e.Key] != -e.Amount {
			b.t.Errorf("the book has %d for %s, which is owed %d: twice, or another sum", -e.Amount, e.Key, want[e.Key])
		}
		delete(want, e.Key)
		held -= e.Amount
	}
	if len(want) > 0 || held != sum {
		b.t.Errorf("%d are not in the book; it holds %d of %d", len(want), held, sum)
	}
}
