package sms

import (
	"sync"
	"time"

	"candor/reach"
)

const (
	opensAfter   = 3 // failures in a row
	shortestRest = 5 * time.Second
	longestRest  = time.Minute // so that a provider that is back is used again within a minute
)

// A breaker keeps texts from a provider that is down or asked for patience, so that they go to the next one at once. When its rest is
// over, one text tries; it closes by itself when that one is taken.
type breaker struct {
	mu       sync.Mutex
	failures int
	until    time.Time
	trying   bool
}

// wait is how long the provider is left alone; zero lets the caller through, who then owes learn or untried.
func (b *breaker) wait(now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case now.Before(b.until):
		return b.until.Sub(now)
	case b.failures < opensAfter:
		return 0
	case b.trying:
		return shortestRest
	}
	b.trying = true
	return 0
}

// untried takes back that somebody was let through.
func (b *breaker) untried() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
}

// learn from what the provider said. A word about one number or one text is a sign of health.
func (b *breaker) learn(r reach.Result, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
	switch {
	case r.Outcome == reach.Temporary && r.Reason == reach.ReasonRateLimited:
		b.rest(now, max(r.RetryAfter, time.Second)) // it works, and said when to come again
	case r.Outcome == reach.Refused && r.Reason == reach.ReasonLogin:
		b.failures = max(b.failures, opensAfter)
		b.rest(now, longestRest) // nobody mends a password within seconds
	case r.Outcome == reach.Temporary:
		b.failures++
		if b.failures >= opensAfter {
			b.rest(now, min(shortestRest<<min(b.failures-opensAfter, 10), longestRest))
		}
		if r.RetryAfter > 0 {
			b.rest(now, r.RetryAfter)
		}
	default:
		b.failures, b.until = 0, time.Time{}
	}
}

func (b *breaker) rest(now time.Time, d time.Duration) {
	if until := now.Add(min(d, reach.MostPatience)); until.After(b.until) {
		b.until = until
	}
}
