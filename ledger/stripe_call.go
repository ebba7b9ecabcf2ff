package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	stripeAddress = "https://api.stripe.com"
	// stripeVersion is the form of requests and answers that this is written for, whatever the account's own default is:
	// https://docs.stripe.com/api/versioning.
	stripeVersion = "2026-02-25.clover"
	// stripeWait bounds one question to Stripe.
	stripeWait = 20 * time.Second
	// stripeMost bounds an answer: a hundred transactions, each with all the metadata that Stripe takes, are less.
	stripeMost = 4 << 20
)

// A stripeCall makes requests of Stripe. It never tries again: our own exports do, over days and across restarts, and a second layer would
// only hide for how long nobody answered.
//
// It is not package outward: the operator chose this address, not a stranger, it may lie behind the company's proxy, and a page of a list is
// longer than what outward reads.
type stripeCall struct {
	client       *http.Client
	address, key string
}

func newStripeCall(key, address string) *stripeCall {
	if address == "" {
		address = stripeAddress
	}
	// A redirect would carry our key to wherever it points.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &stripeCall{
		client:  &http.Client{Timeout: stripeWait, CheckRedirect: stay},
		address: strings.TrimSuffix(address, "/"), key: key,
	}
}

// post enters something under an idempotency key: for a day, the same request under the same key is answered as before.
func (c *stripeCall) post(ctx context.Context, path, once string, form url.Values, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Idempotency-Key", once)
	return c.do(r, into)
}

func (c *stripeCall) get(ctx context.Context, path string, query url.Values, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.address+path+"?"+query.Encode(), http.NoBody)
	if err != nil {
		return err
	}
	return c.do(r, into)
}

func (c *stripeCall) do(r *http.Request, into any) error {
	r.Header.Set("Authorization", "Bearer "+c.key)
	r.Header.Set("Stripe-Version", stripeVersion)
	r.Header.Set("User-Agent", "Candor/1")
	answer, err := c.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, stripeMost+1))
	if err != nil {
		return err
	}
	if len(body) > stripeMost {
		return errors.New("stripe's answer has no end")
	}
	if answer.StatusCode/100 != 2 {
		return readFault(answer, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("read stripe's answer: %w", err)
	}
	return nil
}
