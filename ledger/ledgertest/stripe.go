// Package ledgertest is a billing system for tests: it speaks as much of Stripe's protocol as ledger uses, remembers what it was told, and
// loses answers.
package ledgertest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Stripe keeps credits and refunds as Stripe does: an idempotency key answers as before, until it is forgotten.
type Stripe struct {
	URL string

	mu       sync.Mutex
	lose     func(request int) Loss
	requests int
	lost     int
	entries  []Entry
	answers  map[string]answer
	closed   map[string]bool
}

// A Loss is what becomes of a request.
type Loss int

const (
	Kept         Loss = iota
	BeforeItActs      // the connection breaks, and nothing was done
	AfterItActed      // the connection breaks, and it was done
	Busy              // 429
	Broken            // 500
)

// An Entry is what the book holds.
type Entry struct {
	ID, Account, Key, Currency string
	Amount                     int64
}

type answer struct {
	asked string
	body  []byte
}

// Start starts one on loopback. lose is asked for each request that would enter something; nil loses nothing.
func Start(t testing.TB, lose func(request int) Loss) *Stripe {
	t.Helper()
	s := &Stripe{lose: lose, answers: map[string]answer{}, closed: map[string]bool{}}
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(server.Close)
	s.URL = server.URL
	return s
}

// Entries are all that was entered, in that order.
func (s *Stripe) Entries() []Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Entry(nil), s.entries...)
}

// Lost is how many answers were lost: a fault that never happened proves nothing.
func (s *Stripe) Lost() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost
}

// Forget forgets every idempotency key, as Stripe does after a day.
func (s *Stripe) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.answers)
}

// Close has an account be unknown.
func (s *Stripe) Close(account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed[account] = true
}

// Spoil changes the entry with the first key by one coin, as somebody with access to the billing system could.
func (s *Stripe) Spoil() {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := 0
	for i, e := range s.entries {
		if e.Key < s.entries[first].Key {
			first = i
		}
	}
	s.entries[first].Amount++
}

func (s *Stripe) serve(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if len(parts) == 4 && parts[3] == "balance_transactions" {
		s.transactions(w, r, parts[2])
		return
	}
	refuse(w, http.StatusNotFound, "resource_missing", "")
}

func (s *Stripe) transactions(w http.ResponseWriter, r *http.Request, account string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed[account] {
		refuse(w, http.StatusNotFound, "resource_missing", "customer")
		return
	}
	if r.Method == http.MethodGet {
		all := []any{}
		for i := len(s.entries) - 1; i >= 0; i-- {
			if s.entries[i].Account == account {
				all = append(all, s.entries[i].object())
			}
		}
		say(w, map[string]any{"object": "list", "data": all, "has_more": false, "url": r.URL.Path})
		return
	}
	s.requests++
	loss := Kept
	if s.lose != nil {
		loss = s.lose(s.requests)
	}
	if loss != Kept {
		s.lost++
	}
	switch loss {
	case BeforeItActs:
		panic(http.ErrAbortHandler)
	case Busy:
		refuse(w, http.StatusTooManyRequests, "rate_limit", "")
		return
	case Broken:
		refuse(w, http.StatusInternalServerError, "", "")
		return
	}
	body := s.enter(r, account)
	if loss == AfterItActed {
		panic(http.ErrAbortHandler)
	}
	if body == nil {
		refuse(w, http.StatusBadRequest, "idempotency_key_in_use", "")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

func (s *Stripe) enter(r *http.Request, account string) []byte {
	_ = r.ParseForm()
	asked, idempotent := account+r.PostForm.Encode(), r.Header.Get("Idempotency-Key")
	if before, known := s.answers[idempotent]; known && idempotent != "" {
		if before.asked != asked {
			return nil
		}
		return before.body
	}
	amount, _ := strconv.ParseInt(r.PostForm.Get("amount"), 10, 64)
	e := Entry{ID: fmt.Sprintf("cbtxn_%06d", len(s.entries)+1), Account: account, Key: r.PostForm.Get("metadata[candor]"), Currency: r.PostForm.Get("currency"), Amount: amount}
	s.entries = append(s.entries, e)
	body, _ := json.Marshal(e.object())
	s.answers[idempotent] = answer{asked, body}
	return body
}

func (e Entry) object() map[string]any {
	return map[string]any{
		"id": e.ID, "object": "customer_balance_transaction", "customer": e.Account, "amount": e.Amount, "currency": e.Currency,
		"metadata": map[string]string{"candor": e.Key}, "type": "adjustment",
	}
}

func refuse(w http.ResponseWriter, status int, code, param string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"type": "invalid_request_error", "code": code, "param": param, "message": "refused"}})
}

func say(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}
