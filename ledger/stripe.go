package ledger

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/stripe/stripe-go/v84"
	"github.com/stripe/stripe-go/v84/form"

	"candor/money"
)

// Stripe enters credits as customer balance transactions, which lower the customer's next invoices by themselves, and refunds as refunds of
// the charge. The customer's name in the company's systems is their id at Stripe, cus_….
//
// Stripe forgets an idempotency key after a day. So our key stands in the transaction's metadata, too, and what is in doubt is looked up
// before it is handed over again: a lost answer is found a year later, and nothing is entered twice.
//
// stripe.Client knows every service that Stripe has, and made the program ten megabytes larger: two of them are asked here, through its backend.
type Stripe struct {
	backend stripe.Backend
	key     string
}

const (
	// stripeWait bounds one question to Stripe.
	stripeWait = 20 * time.Second
	// stripeAtOnce is how many are under way: Stripe takes a hundred a second, answers in about a tenth of one, and has other work to do for us.
	stripeAtOnce = 4
	// mostListed is how many of a customer's transactions are looked through for one of ours, newest first.
	mostListed = 1000

	keyInMetadata = "candor"
)

// NewStripe opens the book that a secret key belongs to. address is empty for Stripe's own.
func NewStripe(key, address string) *Stripe {
	c := &stripe.BackendConfig{
		HTTPClient: &http.Client{Timeout: stripeWait, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		// Our own exports try again, over days and across restarts; a second layer would only hide for how long nobody answered.
		MaxNetworkRetries: stripe.Int64(0), EnableTelemetry: stripe.Bool(false), LeveledLogger: &stripe.LeveledLogger{Level: stripe.LevelNull},
	}
	if address != "" {
		c.URL = &address
	}
	return &Stripe{backend: stripe.GetBackendWithConfig(stripe.APIBackend, c), key: key}
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
	currency := strings.ToLower(e.Amount.Currency)
	if e.Charge != "" {
		p := &stripe.RefundCreateParams{Amount: &units}
		if strings.HasPrefix(e.Charge, "pi_") {
			p.PaymentIntent = &e.Charge
		} else {
			p.Charge = &e.Charge
		}
		p.AddMetadata(keyInMetadata, e.Key)
		p.SetIdempotencyKey(e.Key)
		p.Context = ctx
		r := &stripe.Refund{}
		err := s.backend.Call(http.MethodPost, "/v1/refunds", s.key, p, r)
		return r.ID, err
	}
	units = -units // a balance below zero is the customer's
	p := &stripe.CustomerBalanceTransactionCreateParams{Customer: &e.Account, Amount: &units, Currency: &currency, Description: &e.Text}
	p.AddMetadata(keyInMetadata, e.Key)
	p.SetIdempotencyKey(e.Key)
	p.Context = ctx
	t := &stripe.CustomerBalanceTransaction{}
	err = s.backend.Call(http.MethodPost, stripe.FormatURLPath("/v1/customers/%s/balance_transactions", e.Account), s.key, p, t)
	return t.ID, err
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
	path := stripe.FormatURLPath("/v1/customers/%s/balance_transactions", e.Account)
	p := &stripe.CustomerBalanceTransactionListParams{}
	p.Context, p.Limit = ctx, stripe.Int64(100)
	for range mostListed / 100 {
		page := &stripe.CustomerBalanceTransactionList{}
		if err := s.list(path, p, p.ToParams(), page); err != nil {
			if refusal(err) == NoAccount {
				return Held{}, false, nil
			}
			return Held{}, false, err
		}
		for _, t := range page.Data {
			if t.Metadata[keyInMetadata] == e.Key {
				return Held{Key: e.Key, Entry: t.ID, Amount: stripeAmount(-t.Amount, string(t.Currency))}, true, nil
			}
		}
		if !page.HasMore || len(page.Data) == 0 {
			break
		}
		p.StartingAfter = &page.Data[len(page.Data)-1].ID
	}
	return Held{}, false, nil
}

// list asks for a page of a list.
func (s *Stripe) list(path string, asked any, p *stripe.Params, page stripe.LastResponseSetter) error {
	query := &form.Values{}
	form.AppendTo(query, asked)
	return s.backend.CallRaw(http.MethodGet, path, s.key, []byte(query.Encode()), p, page)
}

func (s *Stripe) findRefund(ctx context.Context, e Entry) (_ Held, found bool, err error) {
	p := &stripe.RefundListParams{}
	if strings.HasPrefix(e.Charge, "pi_") {
		p.PaymentIntent = &e.Charge
	} else {
		p.Charge = &e.Charge
	}
	p.Context, p.Limit = ctx, stripe.Int64(100)
	page := &stripe.RefundList{}
	if err := s.list("/v1/refunds", p, p.ToParams(), page); err != nil {
		if refusal(err) == NoCharge {
			return Held{}, false, nil
		}
		return Held{}, false, err
	}
	for _, r := range page.Data {
		if r.Metadata[keyInMetadata] == e.Key && r.Status != stripe.RefundStatusFailed && r.Status != stripe.RefundStatusCanceled {
			return Held{Key: e.Key, Entry: r.ID, Amount: stripeAmount(r.Amount, string(r.Currency))}, true, nil
		}
	}
	return Held{}, false, nil
}

// doubtful is what becomes of an entry on an error: a refusal if Stripe said so in its own words, else nobody knows.
func doubtful(key string, err error) Outcome {
	o := Outcome{Key: key, Became: Doubt, Reason: Unreachable, Detail: err.Error()}
	if reason := refusal(err); reason != "" {
		o.Reason = reason
		if reason != TooMany {
			o.Became = Refused
		}
	}
	return o
}

// refusal is why Stripe refused; empty where it did not: no answer, its own fault, or the same key under way at this moment.
func refusal(err error) Reason {
	var said *stripe.Error
	if !errors.As(err, &said) {
		return ""
	}
	switch {
	case said.HTTPStatusCode == http.StatusTooManyRequests:
		return TooMany
	case said.HTTPStatusCode == http.StatusUnauthorized || said.HTTPStatusCode == http.StatusForbidden:
		return NotAllowed
	case said.HTTPStatusCode == http.StatusConflict || said.HTTPStatusCode >= 500:
		return ""
	case said.Type == stripe.ErrorTypeIdempotency:
		return Unlike
	case said.Code == stripe.ErrorCodeResourceMissing && (said.Param == "charge" || said.Param == "payment_intent"),
		said.Code == stripe.ErrorCodeChargeAlreadyRefunded, said.Code == stripe.ErrorCodeChargeDisputed:
		return NoCharge
	case said.Code == stripe.ErrorCodeResourceMissing || said.HTTPStatusCode == http.StatusNotFound:
		return NoAccount
	case said.Param == "currency":
		return NoCurrency
	case said.HTTPStatusCode >= 400:
		return Other
	}
	return ""
}

// Stripe counts some currencies in other coins than ISO 4217: https://docs.stripe.com/currencies.
const (
	stripeWhole      = " MGA "                                 // two digits on paper, none at Stripe
	stripeHundredths = " ISK UGX "                             // none on paper, two at Stripe, and those must be nought
	stripeTenths     = " BHD IQD JOD KWD LYD OMR TND CLF UYW " // no coin finer than ten of the smallest unit
)

// stripeUnits is an amount as Stripe counts it; it is not rounded, because what is owed is owed to the coin.
func stripeUnits(a money.Amount) (units int64, ok bool) {
	const most = 99_999_999_999 // far above what Stripe takes in one, far below what overflows
	if a.Minor <= 0 || a.Minor > most {
		return 0, false
	}
	switch c := " " + a.Currency + " "; {
	case strings.Contains(stripeWhole, c):
		return a.Minor / 100, a.Minor%100 == 0
	case strings.Contains(stripeHundredths, c):
		return a.Minor * 100, true
	case strings.Contains(stripeTenths, c):
		return a.Minor, a.Minor%10 == 0
	}
	return a.Minor, true
}

func stripeAmount(units int64, currency string) money.Amount {
	a := money.Amount{Minor: units, Currency: strings.ToUpper(currency)}
	switch c := " " + a.Currency + " "; {
	case strings.Contains(stripeWhole, c):
		a.Minor *= 100
	case strings.Contains(stripeHundredths, c) && units%100 == 0:
		a.Minor /= 100
	}
	return a
}
