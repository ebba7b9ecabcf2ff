package incident

import (
	"time"

	"candor/component"
	"candor/id"
	"candor/lang"
)

// An Update is one word to customers, by a named person. The first one is the first word.
type Update struct {
	ID       id.Update
	Code     id.Code
	Incident id.Incident
	Number   int // 1 is the first word
	Status   Status
	Author   id.Person // empty only when a maintenance started or ended by itself
	Body     lang.Text // Markdown
	Fields   Fields
	Affected []Change
	Holding  bool // "still working on it": news only in that we are still here
	// Automatic: nobody wrote it. It went out because words waited for a second person and the promised time came.
	Automatic bool
	NextBy    time.Time // when the next word is promised; zero at the end
	// NextReason says why the next word takes longer than the cadence, and is shown.
	NextReason string
	Notify     bool // reaches subscribers, not the page alone
	At         time.Time
	Revisions  []Revision
	Blackouts  []Blackout
}

// A Change is a component's status as this update sets it.
type Change struct {
	Component id.Component     `json:"component"`
	Old       component.Status `json:"old"`
	New       component.Status `json:"new"`
}

// A Revision is a correction in the open: what stood there, what stands now, who changed it, when and why.
type Revision struct {
	At     time.Time `json:"at"`
	By     id.Person `json:"by"`
	Reason string    `json:"reason"`
	Was    lang.Text `json:"was"`
	Now    lang.Text `json:"now"`
}

// A Blackout is words taken out of an update for good. The words are gone from the database too; this is what remains.
type Blackout struct {
	At     time.Time      `json:"at"`
	By     id.Person      `json:"by"`
	Reason BlackoutReason `json:"reason"`
	Note   string         `json:"note"`
}

// A BlackoutReason is a lawful reason to take words out. Criticism and embarrassment are not on the list.
type BlackoutReason string

const (
	Secret       BlackoutReason = "secret"
	PersonalData BlackoutReason = "personal_data"
	CourtOrder   BlackoutReason = "court_order"
)

// BlackoutReasons in the order the console offers them.
var BlackoutReasons = [...]BlackoutReason{Secret, PersonalData, CourtOrder}

// AutomaticInARow is how many of the newest updates nobody wrote. updates are newest first.
func AutomaticInARow(updates []Update) (n int) {
	for _, u := range updates {
		if !u.Automatic {
			break
		}
		n++
	}
	return n
}
