package settings

import (
	"time"

	"candor/audience"
	"candor/incident"
)

// Person is the last rung: somebody of ours calls. It is no channel, so no package sends it; it is worked from the call list.
const Person = "person"

// A Ladder is how far we go to reach each customer of one kind of incident, and in which order. It is followed per incident and customer:
// one acknowledgement ends the climb. See reach.Next for what it means step by step and docs/ladder.md for where its figures come from.
type Ladder struct {
	Rungs []Rung `json:"rungs"`
	Calls Calls  `json:"calls"`
	Quiet Quiet  `json:"quiet"`
	// Longest ends a chase that nothing else ended, so that nobody is chased about an outage they have forgotten.
	Longest time.Duration `json:"longest"`
}

// A Rung is one way of reaching: a channel of machines, or a Person.
type Rung struct {
	Channel string `json:"channel"`
	// After is how long the rung before has been under way without an acknowledgement. Zero goes together with the rung before.
	After time.Duration `json:"after"`
	// Attempts and Interval are a machine's; those of people are the ladder's Calls.
	Attempts int           `json:"attempts,omitempty"`
	Interval time.Duration `json:"interval,omitempty"`
	// Proof is what ends the climb at this rung. An acknowledgement always does.
	Proof Proof `json:"proof"`
}

// Proof is how much must be known before a rung is enough, from least to most.
type Proof string

const (
	ProofAccepted     Proof = "accepted"     // the other side's machine took it
	ProofDelivered    Proof = "delivered"    // a signed receipt says that the device got it
	ProofAcknowledged Proof = "acknowledged" // the customer pressed the button or answered
	ProofSpokenWith   Proof = "spoken_with"  // one of us heard the customer's voice
)

// Proofs from least to most.
var Proofs = [...]Proof{ProofAccepted, ProofDelivered, ProofAcknowledged, ProofSpokenWith}

// Calls are made by people, whether a rung sent the customer to the call list or the customer asked for one.
type Calls struct {
	Most     int           `json:"most"`     // without success, before the customer is closed as unreachable
	Cooldown time.Duration `json:"cooldown"` // between two calls to one customer
	Minutes  int           `json:"minutes"`  // what one attempt costs an agent, notes included
}

// Ladders hold what the company edited, by "kind/impact" or by "kind" alone.
type Ladders map[string]Ladder

// Ladder is the policy for an incident: the company's own for the kind and impact, its own for the kind, or the default.
func (s Settings) Ladder(kind incident.Kind, impact incident.Impact) Ladder {
	for _, name := range []string{LadderName(kind, impact), LadderName(kind, "")} {
		if l, edited := s.Ladders[name]; edited {
			return l
		}
	}
	return DefaultLadder(kind, impact)
}

// LadderName is the key under which Ladders keep an edited policy; without an impact it is for the whole kind.
func LadderName(kind incident.Kind, impact incident.Impact) string {
	if impact == "" {
		return string(kind)
	}
	return string(kind) + "/" + string(impact)
}

// DefaultLadder is what a company that chose nothing has. Its figures, their reasons and sources are the table of docs/ladder.md, which a
// test compares with this function.
func DefaultLadder(kind incident.Kind, impact incident.Impact) Ladder {
	const m, h, day = time.Minute, time.Hour, 24 * time.Hour
	switch {
	case kind == incident.Maintenance:
		return written(3 * day)
	case kind == incident.Data || kind == incident.Security:
		return climbing(10*m, 10*m, 15*m, Calls{Most: 6, Cooldown: 2 * h, Minutes: 4}, 7*day, DataSafety)
	case kind == incident.Billing:
		return climbing(h, h, 2*h, Calls{Most: 3, Cooldown: 4 * h, Minutes: 4}, 7*day)
	case impact == incident.ImpactCritical:
		return climbing(10*m, 10*m, 15*m, Calls{Most: 3, Cooldown: h, Minutes: 4}, 3*day, DataSafety, Service)
	case impact == incident.ImpactMajor:
		return climbing(15*m, 30*m, 30*m, Calls{Most: 3, Cooldown: 2 * h, Minutes: 4}, 3*day, DataSafety)
	}
	return written(3 * day)
}

// written is a ladder that ends with being told: nobody is called about slow pictures.
func written(longest time.Duration) Ladder {
	return Ladder{
		Rungs: []Rung{
			{Channel: audience.Email, Attempts: 1, Proof: ProofAccepted},
			{Channel: audience.Push, Attempts: 1, Proof: ProofAccepted},
			{Channel: audience.Webhook, Attempts: 1, Proof: ProofAccepted},
		},
		Calls:   Calls{Most: 3, Cooldown: 4 * time.Hour, Minutes: 4}, // who leaves a number is called all the same
		Quiet:   night(DataSafety),
		Longest: longest,
	}
}

// climbing is a ladder up to a person: text, voice and person each begin so long after the one before.
func climbing(text, voice, person time.Duration, calls Calls, longest time.Duration, unless ...Exception) Ladder {
	return Ladder{
		Rungs: []Rung{
			{Channel: audience.Email, Attempts: 1, Proof: ProofAcknowledged},
			{Channel: audience.Push, Attempts: 1, Proof: ProofAcknowledged},
			{Channel: audience.Webhook, Attempts: 1, Proof: ProofAcknowledged},
			{Channel: audience.SMS, After: text, Attempts: 1, Proof: ProofAcknowledged},
			{Channel: audience.Voice, After: voice, Attempts: 2, Interval: 5 * time.Minute, Proof: ProofAcknowledged},
			{Channel: Person, After: person, Proof: ProofSpokenWith},
		},
		Calls:   calls,
		Quiet:   night(unless...),
		Longest: longest,
	}
}

func night(unless ...Exception) Quiet {
	return Quiet{From: 21 * 60, Until: 8 * 60, Unless: append(unless, AnyHour)}
}
