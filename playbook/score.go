package playbook

import (
	"time"

	"candor/incident"
	"candor/lang"
	"candor/promise"
	"candor/settings"
)

// A Course is how an incident went, as the ledger and the words have it. Nothing else goes into its score.
type Course struct {
	incident.Incident
	Updates     []incident.Update // oldest first
	Promises    []promise.Promise // those made on it
	Reachable   map[int]bool      // by update: was it signed by a person who can be reached?
	Affected    int64             // customers
	Reached     int64             // of those
	Channels    int               // ways by which the affected were told
	Apologies   int               // of the 90 days before, without a new corrective action
	Share       float64           // of all customers who were affected, 0 to 1
	FirstMailAt time.Time         // when the first message went out; zero if none did
	Language    lang.Tag          // the company writes in it
	Weights     settings.Weights
}

// A Mark is what one item earned, with the fact behind it.
type Mark struct {
	Weighing
	Judged bool    // false: nothing is known of it (yet); it neither counts for nor against
	Earned float64 // points; for a penalty what it costs, as a negative number
	Basis
}

// A Basis is what a mark rests on. Which figures it has, its fact says.
type Basis struct {
	Fact       Fact
	Number     int   // of an update
	Count, All int64 // of something
	Took       time.Duration
}

// A Fact names a basis.
type Fact string

// The facts behind marks. The first six leave an item unjudged.
const (
	FactLater          Fact = "later"           // no part of Candor records it yet
	FactOpen           Fact = "open"            // the incident is not over
	FactPending        Fact = "pending"         // it is not due
	FactUnnoted        Fact = "unnoted"         // nobody noted the times
	FactNobodyAffected Fact = "nobody_affected" // no customer is known to be
	FactNoneDue        Fact = "none_due"        // nothing to be in time for
	FactSaid           Fact = "said"            // in update Number
	FactUnsaid         Fact = "unsaid"
	FactOf             Fact = "of"       // Count of All
	FactChannels       Fact = "channels" // Count
	FactAfter          Fact = "after"    // Took
	FactWeFirst        Fact = "we_first" // by Took
	FactTheyFirst      Fact = "they_first"
	FactNobodyReported Fact = "nobody_reported"
	FactCauseKnown     Fact = "cause_known"
	FactCauseUnknown   Fact = "cause_unknown"
	FactOnTime         Fact = "on_time"
	FactLate           Fact = "late" // by Took
	FactNoReport       Fact = "no_report"
)

// A Score is what an incident earned of the points that could be judged, so that incidents remain comparable before everything is known.
type Score struct {
	Marks  []Mark
	Points float64 // after penalties, never below 0
	Of     float64 // the weights of what was judged
}

// Percent is the points of what could be judged; false if nothing could.
func (s Score) Percent() (int, bool) {
	if s.Of == 0 {
		return 0, false
	}
	return int(100*s.Points/s.Of + 0.5), true
}

// Grade scores an incident.
func Grade(c Course, now time.Time) (s Score) {
	j := assessor{Course: c, now: now}
	j.listen()
	for _, w := range Scorecard(c.Weights) {
		earned, basis := j.of(w.Item)
		m := Mark{Weighing: w, Judged: earned != unknown, Basis: basis}
		if m.Judged {
			m.Earned = float64(earned) * w.Weight
			if w.Part == "" {
				m.Earned = -m.Earned
			} else {
				s.Of += w.Weight
			}
			s.Points += m.Earned
		}
		s.Marks = append(s.Marks, m)
	}
	s.Points = max(0, s.Points)
	return s
}

// A portion is how much of an item was earned, 0 to 1.
type portion float64

const unknown portion = -1

// of judges one item: how much of it was earned, by which fact.
func (j *assessor) of(item string) (portion, Basis) {
	if rule, ok := judged[item]; ok {
		return rule(j)
	}
	return unknown, Basis{Fact: FactLater} // no part of Candor knows about it yet
}

// judged are the items and how each is judged; what is not here cannot be judged yet.
var judged = map[string]func(*assessor) (portion, Basis){
	"responsibility": said(AdmitsFault),
	"repair_offer":   said(Compensation),
	"regret":         said(Apologises),
	"explanation":    (*assessor).explanation,
	"forgiveness":    said(AsksForbearance),
	"told_first":     (*assessor).toldFirst,
	"first_notice":   (*assessor).firstNotice,
	"scope":          (*assessor).scope,
	"on_time":        (*assessor).onTime,
	"names_next":     (*assessor).namesNext,
	"end_told":       (*assessor).endTold,
	"reached":        (*assessor).reached,
	"two_channels":   (*assessor).twoChannels,
	"named_human":    (*assessor).namedHuman,
	"report_on_time": (*assessor).reportOnTime,
	"vendor_blame":   warned(RuleVendor),
	"agentless":      warned(RuleAgentless),
	"understated":    warned(RuleMinimising),
	"conditional":    warned(RuleConditional),
	"joke":           (*assessor).joke,
	"third_apology":  warned(RuleThirdApology),
	"silence":        warned(RuleCreditSilence),
}
