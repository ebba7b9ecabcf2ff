package report

import (
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
)

// A Report is the account of one incident as it is being written. What customers read are its Revisions.
type Report struct {
	ID       id.Report
	Code     id.Code
	Incident id.Incident
	State    State
	Version  int64 // counts savings, so that nobody writes over another's words unseen
	Author   id.Person
	Reviewer id.Person // who read it before it was published; empty if nobody did
	Account  Account
	Inside   Inside

	CreatedAt   time.Time
	UpdatedAt   time.Time
	SubmittedAt time.Time // for review
	PublishedAt time.Time
}

// An Account is what customers read.
type Account struct {
	Words    map[Part]lang.Text `json:"words"` // Markdown
	Happened []Row              `json:"happened"`
	Impact   Impact             `json:"impact"`
}

// A Part is one question a report answers.
type Part string

const (
	Summary   Part = "summary"   // what happened, for somebody who knows nothing of our systems
	Trigger   Part = "trigger"   // what set it off, apart from why it could
	Cause     Part = "cause"     // why it could happen
	Factors   Part = "factors"   // what made it worse or longer
	Unnoticed Part = "unnoticed" // why it escaped us
	Well      Part = "well"
	Badly     Part = "badly"
	Lucky     Part = "lucky"
	Apology   Part = "apology"
)

// Parts in the order they are read.
var Parts = [...]Part{Summary, Cause, Trigger, Factors, Unnoticed, Well, Badly, Lucky, Apology}

// Needed are the parts without which a report is none.
var Needed = [...]Part{Summary, Cause}

// Inside is what only we read: the questions that a customer need not see us ask.
type Inside struct {
	Whys    []string `json:"whys,omitempty"`    // five at most, each asked of the answer before
	Sooner  string   `json:"sooner,omitempty"`  // how would we have noticed in half the time?
	Shorter string   `json:"shorter,omitempty"` // how would it have been over in half the time?
	Known   string   `json:"known,omitempty"`   // was it on a list already? has it happened before?
	Change  string   `json:"change,omitempty"`  // did a change of ours set it off?
	Notes   string   `json:"notes,omitempty"`
}

// MostWhys is how often one asks why.
const MostWhys = 5

// A Revision is what was published: the first, and each correction with its reason.
type Revision struct {
	Report  id.Report
	Number  int // from 1
	At      time.Time
	By      id.Person
	Reason  string // empty for the first
	Account Account
}

// In is a part in one language, or empty: no other language stands in for it here.
func (a Account) In(p Part, tag lang.Tag) string { return a.Words[p][tag] }

// Missing are the parts that nobody has written in any language.
func (a Account) Missing() (parts []Part) {
	for _, p := range Parts {
		if a.Words[p].Empty() {
			parts = append(parts, p)
		}
	}
	return parts
}

// Reportable reports whether an incident of this kind and state gets a report: what is over, and was trouble.
func Reportable(i incident.Incident) bool {
	return !i.Open() && (i.Visibility == incident.Public || i.Visibility == incident.Rehearsal) && i.Kind != incident.Maintenance
}
