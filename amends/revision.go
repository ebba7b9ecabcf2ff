package amends

import (
	"time"

	"candor/id"
)

// A Revision is one version of terms that a company keeps, and for whom they are. What was reckoned by a version stays reckoned by it: a
// change is a new revision, never another text under the same number.
type Revision struct {
	ID       id.Terms
	Name     string // of the contract, the same in all its revisions; Contract.Terms.ID is it too
	Number   int
	Contract Contract
	Note     string // why it was changed
	Retired  bool   // nothing is reckoned by these terms any more
	By       id.Person
	At       time.Time
	Replaced time.Time // zero: this one holds
}

// Holds reports whether runs are reckoned by it.
func (r Revision) Holds() bool { return !r.Retired && r.Replaced.IsZero() }
