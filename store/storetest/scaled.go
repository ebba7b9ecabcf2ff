package storetest

import (
	"os"
	"sync"
	"testing"
)

// Scaled is how many rows a crowd test uses: n, and a fifth of it under the race detector, where SQLite in Go runs ten times slower and
// the interleavings, not the numbers, are what is looked for.
func Scaled(n int) int {
	if underRace {
		return n / 5
	}
	return n
}

// Crowded is how many a crowd is: n for make soak, a fifth of it for make test.
func Crowded(n int) int {
	if os.Getenv("CANDOR_SOAK") != "" {
		return n
	}
	return n / 5
}

var crowds sync.Map // names of tests

// Crowd leaves a test out under the race detector: thousands of customers, kills and hours of made-up time take it ten times as long and
// show it nothing that the smaller tests do not. make test runs these by themselves, without it.
func Crowd(t *testing.T) {
	t.Helper()
	if underRace {
		t.Skip("runs without the race detector")
	}
	crowds.Store(t.Name(), true)
}
