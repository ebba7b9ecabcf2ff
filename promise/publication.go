package promise

import "time"

// A Publication says whether the record of promises stands on the public page.
type Publication string

const (
	Unpublished Publication = "not_yet"   // the company is still getting used to it
	Published   Publication = "published" // also when it is bad
	Withheld    Publication = "withheld"  // the page says that the company does not publish its promises
)

// privately is how long the record is the company's own: long enough to see what one's word is worth before everybody does.
const privately = 90 * 24 * time.Hour

// Publish decides what the page shows. Switched off, it says so: silence about one's promises is an answer too.
func Publish(firstPromise time.Time, switchedOff bool, now time.Time) Publication {
	switch {
	case switchedOff:
		return Withheld
	case firstPromise.IsZero() || now.Before(firstPromise.Add(privately)):
		return Unpublished
	}
	return Published
}

// PublishedFrom is when a record becomes public by itself.
func PublishedFrom(firstPromise time.Time) time.Time { return firstPromise.Add(privately) }
