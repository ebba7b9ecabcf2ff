package reach

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRetryWaitsLongerEachTimeUpToHalfAnHour(t *testing.T) {
	t.Parallel()
	first := time.Date(2012, 9, 10, 17, 0, 0, 0, time.UTC)
	var got []time.Duration
	for attempt := 1; attempt <= 8; attempt++ {
		next, giveUp := Retry(attempt, first, first, 0.5)
		if giveUp {
			t.Fatalf("gave up after attempt %d", attempt)
		}
		got = append(got, next.Sub(first)/time.Minute)
	}
	if diff := cmp.Diff([]time.Duration{1, 2, 5, 10, 15, 30, 30, 30}, got); diff != "" {
		t.Error(diff)
	}
}

func TestRetrySpreadsByAFifth(t *testing.T) {
	t.Parallel()
	first := time.Date(2012, 9, 10, 17, 0, 0, 0, time.UTC)
	for jitter, want := range map[float64]time.Duration{0: 8 * time.Minute, 0.5: 10 * time.Minute, 1: 12 * time.Minute, 7: 12 * time.Minute, -7: 8 * time.Minute} {
		next, _ := Retry(4, first, first.Add(time.Hour), jitter)
		if got := next.Sub(first.Add(time.Hour)); got != want {
			t.Errorf("jitter %v waits %s, want %s", jitter, got, want)
		}
	}
}

func TestRetryTriesOnceMoreAtTheEndOfItsPatienceAndThenGivesUp(t *testing.T) {
	t.Parallel()
	first := time.Date(2012, 9, 10, 17, 0, 0, 0, time.UTC)
	now, attempts := first, 1
	for {
		next, giveUp := Retry(attempts, first, now, 0.25)
		if giveUp {
			break
		}
		if !next.After(now) {
			t.Fatalf("attempt %d is due at %s, not after %s", attempts+1, next, now)
		}
		now, attempts = next, attempts+1
	}
	if got := now.Sub(first); got != Patience {
		t.Errorf("the last attempt came after %s, want %s", got, Patience)
	}
	if attempts < 100 || attempts > 200 {
		t.Errorf("%d attempts in three days", attempts)
	}
}

func TestRetryOfAMessageThatWaitedForADeadMachineIsNotImpatient(t *testing.T) {
	t.Parallel()
	first := time.Date(2012, 9, 10, 17, 0, 0, 0, time.UTC)
	if _, giveUp := Retry(1, first, first.Add(Patience-time.Nanosecond), 0.5); giveUp {
		t.Error("gave up a nanosecond early")
	}
	if _, giveUp := Retry(1, first, first.Add(Patience), 0.5); !giveUp {
		t.Error("did not give up at the end")
	}
}
