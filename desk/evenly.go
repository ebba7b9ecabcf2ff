package desk

import "time"

// evenly holds an answer back until least has passed since began, so that a patient stranger with a stopwatch does not learn from a third
// of a millisecond whether we know an address (B13). It is more than the work behind the answer takes on a machine that keeps up.
func evenly(began time.Time, least time.Duration) {
	time.Sleep(time.Until(began.Add(least)))
}
