package promise

import "time"

// A ClockID names a step that a law or a contract asks for, such as gdpr-33. It must not change: facts refer to it.
type ClockID string

// A Regime is one set of rules, such as dora. Its events are its own: an outage may be known at 08:00 and turn out to be a breach of
// personal data at 15:00, and each clock counts from its own.
type Regime string

// An Event is what starts a clock. Staff record it as an act: which one it is, is the trap most companies fall into.
type Event string

const (
	Aware      Event = "aware"      // with reasonable certainty; not the end of an investigation
	Noticed    Event = "noticed"    // seen at all
	Discovered Event = "discovered" // by anybody who works for us
	Classified Event = "classified" // as a major incident
	Determined Event = "determined" // that it was a breach
	Material   Event = "material"   // decided to matter to investors; not its discovery
	Failed     Event = "failed"     // protection failed, whether anybody knew or not
	Harms      Event = "harms"      // those whom this notice is for are, or may be, harmed
	Normal     Event = "normal"     // business is back to normal
	Handled    Event = "handled"    // nothing is left to do about the incident
	Remedied   Event = "remedied"   // a corrective measure is available
	Incomplete Event = "incomplete" // what was sent has gaps that we said we would fill
	Submitted  Event = "submitted"  // the notice of one clock was sent; also what ends that clock
)

// starts reports whether e may start a clock.
func (e Event) starts() bool {
	switch e {
	case Aware, Noticed, Discovered, Classified, Determined, Material, Failed, Harms, Normal, Handled, Remedied, Incomplete, Submitted:
		return true
	}
	return false
}

// A Standing says how well a row is known.
type Standing string

const (
	Seen     Standing = "seen"     // read in the source named
	Recalled Standing = "recalled" // from memory: check it before you rely on it
)

// A Clock is one duty to tell somebody by when. None of them is legal advice; a company checks, changes and adds its own.
type Clock struct {
	ID      ClockID `json:"id"`
	Family  Regime  `json:"family"`
	Regime  string  `json:"regime"`  // as lawyers cite it
	Step    string  `json:"step"`    // what is due
	Trigger string  `json:"trigger"` // what starts it, in words

	Starts      Event   `json:"starts"`
	Of          ClockID `json:"of,omitempty"`     // whose submission, if Starts is Submitted
	Latest      bool    `json:"latest,omitempty"` // each further submission starts it anew (DORA: the last intermediate report)
	Period              // as written; the caps and year ends of Deadlines come on top
	Cap         *Cap    `json:"cap,omitempty"`
	FromYearEnd bool    `json:"from_year_end,omitempty"` // counts from the end of the year of the event (HIPAA, small breaches)

	Needs   ClockID `json:"needs,omitempty"`   // exists only once this was submitted
	Instead ClockID `json:"instead,omitempty"` // submitting this does as well
	Until   Event   `json:"until,omitempty"`   // another clock takes over when this happens

	Calendar string `json:"calendar,omitempty"` // the region whose business days count; the company's own if empty
	Zone     string `json:"zone,omitempty"`     // whose midnight ends a day; the company's own if empty

	Recipient string   `json:"recipient"`
	Checklist []string `json:"checklist,omitempty"` // what it has to say
	Status    Standing `json:"status"`
	Source    string   `json:"source,omitempty"`
	Notes     string   `json:"notes,omitempty"`

	// Then are further steps of the same row; what they leave out is as in the row.
	Then []Clock `json:"then,omitempty"`

	zone *time.Location
}

// A Cap is an outer limit: never later than so long after another event, if the clock started within it (DORA: 4 hours from
// classification, never later than 24 hours from awareness; classified later than that, 4 hours from then).
type Cap struct {
	Event Event `json:"event"`
	Period
}
