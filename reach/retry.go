package reach

import "time"

// Patience is how long a message is tried before the ladder goes on without it. Three days is what mail servers give each other; longer
// would tell customers about an outage they have forgotten.
const Patience = 72 * time.Hour

// The first retries come fast, because most greylists open after one to five minutes and an outage does not wait.
var waits = []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute}

// Retry says when to try again after attempt (1 for the first) failed at now, or that the message is too old. jitter, from [0,1) as
// rand.Float64 gives it, spreads the wait by ±20%, so that what failed together does not come back together. The last attempt falls on
// the end of the patience.
func Retry(attempt int, firstTried, now time.Time, jitter float64) (next time.Time, giveUp bool) {
	end := firstTried.Add(Patience)
	if !now.Before(end) {
		return time.Time{}, true
	}
	wait := waits[min(max(attempt, 1), len(waits))-1]
	spread := 0.8 + 0.4*min(max(jitter, 0), 1)
	next = now.Add(time.Duration(float64(wait) * spread))
	if next.After(end) {
		next = end
	}
	return next, false
}
