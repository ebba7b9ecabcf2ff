// Package desk is every act of a person, one function each.
//
// Whoever declares, posts, corrects, subscribes or signs in does it here: one function, one transaction, one timestamp, one line in the
// audit. Nothing leaves the machine inside a transaction; an act that says something to somebody appends an announcement, and duty carries
// it out. Faces only translate between people and these functions.
//
// Who acts is in the context (staff.As). A function refuses with a problem, in one go, whatever is wrong with what was typed.
package desk

import (
	"net/url"
	"time"

	"candor/store"
)

// Desk acts on one database.
type Desk struct {
	db        *store.DB
	publicURL *url.URL
	wake      func() // tells this node's duty and page that something changed; never needed for correctness

	// heavy bounds passwords and pictures in the making: each takes up to 160 MB for a moment, and guessers would ask for many at once.
	heavy chan struct{}

	foreseen foresight
	houses   houses
}

// New makes the desk of a node. publicURL is the only base any link is ever built on (B2). wake may be nil.
func New(db *store.DB, publicURL *url.URL, wake func()) *Desk {
	if wake == nil {
		wake = func() {}
	}
	return &Desk{db: db, publicURL: publicURL, wake: wake, heavy: make(chan struct{}, 2)}
}

// now is the one timestamp of an act, at the precision the databases keep.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
