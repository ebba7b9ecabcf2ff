package incident

import (
	"time"

	"candor/id"
	"candor/lang"
)

// Safety answers "is my data safe, and if not, what must I do?" (S2, S4). An answer for all is State; Classes says it per class of data.
type Safety struct {
	State     SafetyState               `json:"state"`
	AnswerBy  time.Time                 `json:"answer_by,omitzero"`  // a promise, while checking or unknown
	CheckedBy id.Person                 `json:"checked_by,omitzero"` // who says it is unaffected
	Classes   map[DataClass]SafetyState `json:"classes,omitempty"`
	Steps     lang.Text                 `json:"steps,omitempty"` // what customers must do; required when affected
}

// SafetyState of customers' data.
type SafetyState string

const (
	SafetyChecking   SafetyState = "checking"   // nothing points to harm; we are checking
	SafetyUnknown    SafetyState = "unknown"    // not known yet
	SafetyUnaffected SafetyState = "unaffected" // somebody named looked
	SafetyAffected   SafetyState = "affected"
)

// SafetyStates in the order the console offers them.
var SafetyStates = [...]SafetyState{SafetyChecking, SafetyUnknown, SafetyUnaffected, SafetyAffected}

// A DataClass is a sort of data customers worry about separately.
type DataClass string

const (
	PaymentData DataClass = "payment"
	Passwords   DataClass = "passwords"
	Identity    DataClass = "identity" // names and addresses
	Content     DataClass = "content"
)

// DataClasses in the order they are shown.
var DataClasses = [...]DataClass{PaymentData, Passwords, Identity, Content}

// Harmed reports whether data of any class is affected: then customers must be told what to do.
func (d Safety) Harmed() bool {
	harmed := d.State == SafetyAffected
	for _, state := range d.Classes {
		harmed = harmed || state == SafetyAffected
	}
	return harmed
}

// MustAct reports whether customers have to do something that nobody can do for them.
func (d Safety) MustAct() bool { return d.Harmed() && len(d.Steps) > 0 }

// Unanswered reports whether customers still wait to hear if their data is safe.
func (d Safety) Unanswered() bool { return d.State == SafetyChecking || d.State == SafetyUnknown }
