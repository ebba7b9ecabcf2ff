package incident

import (
	"time"

	"candor/lang"
)

// Fields are what every customer asks in an outage, as fields rather than left to prose, so that they reach each reader in the reader's
// language: is the cause known, who is on it, how long, was it an attack, is my data safe.
type Fields struct {
	Cause     Cause     `json:"cause"`
	WorkingOn lang.Text `json:"working_on,omitempty"` // who is working on it, in a customer's words
	Estimate  Estimate  `json:"estimate"`
	Attack    Attack    `json:"attack"`
	Data      Safety    `json:"data"`
}

// A Cause is how much we know of why, and whose it is. A supplier's failure is ours to fix (S1's rule 2).
type Cause struct {
	State CauseState `json:"state"`
	Whose Whose      `json:"whose,omitempty"` // empty while unknown
}

// CauseState is unknown, suspected or known.
type CauseState string

const (
	CauseUnknown   CauseState = "unknown"
	CauseSuspected CauseState = "suspected"
	CauseKnown     CauseState = "known"
)

// CauseStates in the order the console offers them.
var CauseStates = [...]CauseState{CauseUnknown, CauseSuspected, CauseKnown}

// Whose says in whose hands the cause lies.
type Whose string

const (
	Ours      Whose = "ours"
	Suppliers Whose = "supplier" // a supplier's, and ours to fix
)

// An Estimate is when it may work again: none, not before From, or between From and Until.
type Estimate struct {
	Kind  EstimateKind `json:"kind"`
	From  time.Time    `json:"from,omitzero"`
	Until time.Time    `json:"until,omitzero"`
}

// EstimateKind is none, earliest or range.
type EstimateKind string

const (
	EstimateNone     EstimateKind = "none"
	EstimateEarliest EstimateKind = "earliest"
	EstimateRange    EstimateKind = "range"
)

// EstimateKinds in the order the console offers them.
var EstimateKinds = [...]EstimateKind{EstimateNone, EstimateEarliest, EstimateRange}

// Attack answers "were you hacked?".
type Attack string

const (
	AttackUnknown Attack = "unknown"
	AttackNo      Attack = "no"
	AttackYes     Attack = "yes"
)

// Attacks in the order the console offers them.
var Attacks = [...]Attack{AttackUnknown, AttackNo, AttackYes}

// DefaultFields are honest when nothing is known: an outage starts at "nothing points to harm; we are checking", incidents about data or
// security at "not known yet". answerBy is when the data question is promised an answer.
func DefaultFields(kind Kind, answerBy time.Time) Fields {
	f := Fields{
		Cause:    Cause{State: CauseUnknown},
		Estimate: Estimate{Kind: EstimateNone},
		Attack:   AttackUnknown,
		Data:     Safety{State: SafetyChecking, AnswerBy: answerBy},
	}
	switch kind {
	case Data, Security:
		f.Data.State = SafetyUnknown
	case Maintenance:
		f.Attack = AttackNo
		f.Cause = Cause{State: CauseKnown, Whose: Ours}
		f.Data = Safety{State: SafetyChecking}
	}
	return f
}

// Or fills what f leaves open from what was said before: an update that is silent about the cause does not unsay it.
func (f Fields) Or(before Fields) Fields {
	if f.Cause.State == "" {
		f.Cause = before.Cause
	}
	if f.WorkingOn.Empty() {
		f.WorkingOn = before.WorkingOn
	}
	if f.Estimate.Kind == "" {
		f.Estimate = before.Estimate
	}
	if f.Attack == "" {
		f.Attack = before.Attack
	}
	if f.Data.State == "" {
		f.Data = before.Data
	}
	return f
}
