package ledger

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"sync"
)

// Stripe enters credits as customer balance transactions, which lower the customer's next invoices by themselves, and refunds as refunds of
// the charge. The customer's name in the company's systems is their id at Stripe, cus_….
//
// Stripe forgets an idempotency key after a day. So our key stands in the transaction's metadata, too, and what is in doubt is looked up
// before it is handed over again: a lost answer is found a year later, and nothing is entered twice.
type Stripe struct{ call *stripeCall }

const (
	// stripeAtOnce is how many are under way: Stripe takes a hundred a second, answers in about a tenth of one, and has other work to do for us.
	stripeAtOnce = 4
	// mostListed is how many of a customer's transactions are looked through for one of ours, newest first, a page at a time.
	mostListed = 1000
	pageListed = 100

	keyInMetadata = "candor"
)

// NewStripe opens the book that a secret key belongs to. address is empty for Stripe's own.
func NewStripe(key, address string) *Stripe { return &Stripe{newStripeCall(key, address)} }

// stripeEntry is what is read of a customer balance transaction and of a refund.
type stripeEntry struct {
	ID       string            `json:"id"`
	Amount   int64             `json:"amount"`
	Currency string            `json:"currency"`
	Status   string            `json:"status"` // of a refund
	Metadata map[string]string `json:"metadata"`
}

type stripePage struct {
	Data    []stripeEntry `json:"data"`
	HasMore bool          `json:"has_more"`
}

// Name of the book.
func (*Stripe) Name() string { return "stripe" }

// Enter hands over some at a time.
func (s *Stripe) Enter(ctx context.Context, x Export) []Outcome {
	all := make([]Outcome, len(x.Entries))
	each(x.Entries, func(i int, e Entry) { all[i] = s.enter(ctx, e) })
	return all
}

// each does something with every entry, a few at once, and waits for all.
func each(entries []Entry, do func(int, Entry)) {
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(stripeAtOnce, len(entries)) {
		wait.Go(func() {
			for i := range next {
				do(i, entries[i])
			}
		})
	}
	for i := range entries {
		next <- i
	}
	close(next)
	wait.Wait()
}

func (s *Stripe) enter(ctx context.Context, e Entry) Outcome {
	if len(e.Key) == 0 || len(e.Key) > mostKey {
		return Outcome{Key: e.Key, Became: Refused, Reason: Other, Detail: "the key has no length that a book takes"}
	}
	units, ok := stripeUnits(e.Amount)
	if !ok {
		return Outcome{Key: e.Key, Became: Refused, Reason: NoSuchCoin}
	}
	if e.Doubted {
		held, found, err := s.find(ctx, e)
		if err != nil {
			return doubtful(e.Key, err)
		}
		if found && held.Amount != e.Amount {
			return Outcome{Key: e.Key, Became: Refused, Reason: Unlike}
		}
		if found {
			return Outcome{Key: e.Key, Became: Entered, Entry: held.Entry}
		}
	}
	entry, err := s.post(ctx, e, units)
	if err != nil {
		return doubtful(e.Key, err)
	}
	return Outcome{Key: e.Key, Became: Entered, Entry: entry}
}

func (s *Stripe) post(ctx context.Context, e Entry, units int64) (entry string, err error) {
	path, form := "/v1/refunds", forCharge(e)
	if e.Charge == "" {
		path = transactions(e)
		units = -units // a balance below zero is the customer's
		form = url.Values{"currency": {strings.ToLower(e.Amount.Currency)}, "description": {e.Text}}
	}
	form.Set("amount", strconv.FormatInt(units, 10))
	form.Set("metadata["+keyInMetadata+"]", e.Key)
	var entered stripeEntry
	if err := s.call.post(ctx, path, e.Key, form, &entered); err != nil {
		return "", err
	}
	if entered.ID == "" {
		return "", errors.New("stripe does not say what it entered")
	}
	return entered.ID, nil
}

// transactions is where a customer's are.
func transactions(e Entry) string {
	return "/v1/customers/" + url.PathEscape(e.Account) + "/balance_transactions"
}

// forCharge names what was paid as Stripe asks for it: by payment, or by the charge it came to.
func forCharge(e Entry) url.Values {
	if strings.HasPrefix(e.Charge, "pi_") {
		return url.Values{"payment_intent": {e.Charge}}
	}
	return url.Values{"charge": {e.Charge}}
}

// Holds asks Stripe for each entry.
func (s *Stripe) Holds(ctx context.Context, x Export) (map[string]Held, error) {
	held, faults := make([]Held, len(x.Entries)), make([]error, len(x.Entries))
	each(x.Entries, func(i int, e Entry) { held[i], _, faults[i] = s.find(ctx, e) })
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	all := map[string]Held{}
	for _, h := range held {
		if h.Key != "" {
			all[h.Key] = h
		}
	}
	return all, nil
}

// find looks for our key among what a customer, or a charge, was given.
func (s *Stripe) find(ctx context.Context, e Entry) (_ Held, found bool, err error) {
	if e.Charge != "" {
		return s.findRefund(ctx, e)
	}
	query := url.Values{"limit": {strconv.Itoa(pageListed)}}
	for range mostListed / pageListed {
		var page stripePage
		if err := s.call.get(ctx, transactions(e), query, &page); err != nil {
			if refusal(err) == NoAccount {
				return Held{}, false, nil
			}
			return Held{}, false, err
		}
		for _, t := range page.Data {
			if t.Metadata[keyInMetadata] == e.Key {
				return Held{Key: e.Key, Entry: t.ID, Amount: stripeAmount(-t.Amount, t.Currency)}, true, nil
			}
		}
		if !page.HasMore || len(page.Data) == 0 {
			break
		}
		query.Set("starting_after", page.Data[len(page.Data)-1].ID)
	}
	return Held{}, false, nil
}

func (s *Stripe) findRefund(ctx context.Context, e Entry) (_ Held, found bool, err error) {
	query := forCharge(e)
	query.Set("limit", strconv.Itoa(pageListed))
	var page stripePage
	if err := s.call.get(ctx, "/v1/refunds", query, &page); err != nil {
		if refusal(err) == NoCharge {
			return Held{}, false, nil
		}
		return Held{}, false, err
	}
	for _, r := range page.Data {
		if r.Metadata[keyInMetadata] == e.Key && r.Status != "failed" && r.Status != "canceled" {
			return Held{Key: e.Key, Entry: r.ID, Amount: stripeAmount(r.Amount, r.Currency)}, true, nil
		}
	}
	return Held{}, false, nil
}
