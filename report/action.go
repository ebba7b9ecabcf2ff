package report

import (
	"strings"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
)

// An Action is one thing done so that it never happens twice. Unless it is Internal it is a promise to customers, with its date in public.
type Action struct {
	ID       id.Action
	Code     id.Code
	Incident id.Incident
	Kind     ActionKind
	Internal bool
	Title    lang.Text
	Owner    id.Person
	Ticket   string // an address in the company's own tracker, for staff
	State    ActionState
	DueAt    time.Time
	Promise  id.Promise // that binds now

	DoneAt     time.Time
	DoneBy     id.Person
	VerifyFrom time.Time // whether it holds shows only after a while
	VerifiedAt time.Time
	VerifiedBy id.Person
	Evidence   lang.Text // what the verifier saw

	CreatedAt   time.Time
	PublishedAt time.Time // when customers could first read it
}

// An ActionKind says against what an action works.
type ActionKind string

const (
	Prevent  ActionKind = "prevent"  // it cannot happen again
	Detect   ActionKind = "detect"   // we see it before customers do
	Mitigate ActionKind = "mitigate" // it hurts less, or is over sooner
	Process  ActionKind = "process"  // how we work
)

// ActionKinds in the order they are offered.
var ActionKinds = [...]ActionKind{Prevent, Detect, Mitigate, Process}

// A Step is one thing that became of an action. Steps are appended and never changed.
type Step struct {
	Action   id.Action
	Number   int
	Kind     StepKind
	By       id.Person
	Note     lang.Text
	DueAt    time.Time   // as it was promised then
	Incident id.Incident // that brought the same cause back
	At       time.Time
}

// Public reports whether customers may read of it.
func (a Action) Public() bool { return !a.Internal && !a.PublishedAt.IsZero() }

// Late is by how much it is overdue: only what nobody has done.
func (a Action) Late(now time.Time) time.Duration {
	if a.State != Open || !now.After(a.DueAt) {
		return 0
	}
	return now.Sub(a.DueAt)
}

// Finish notes that an action is done. Whether it works is looked at once wait has passed.
func (a Action) Finish(by id.Person, at time.Time, wait time.Duration) (Action, error) {
	next, ok := a.State.after(Finished)
	if !ok {
		return a, refusal(Finished)
	}
	a.State, a.DoneAt, a.DoneBy, a.VerifyFrom = next, at, by, at.Add(wait)
	return a, nil
}

// MayVerify says why a person may not verify now; nil if they may. Who did it, or answers for it, does not judge it.
func (a Action) MayVerify(by id.Person, at time.Time) error {
	if _, ok := a.State.after(Proved); !ok {
		return refusal(Proved)
	}
	if by == a.Owner || by == a.DoneBy {
		return problem.New(problem.Forbidden, "problem.action.own")
	}
	if at.Before(a.VerifyFrom) {
		return problem.New(problem.Conflict, "problem.action.early")
	}
	return nil
}

// Verify notes that somebody else has seen it work.
func (a Action) Verify(by id.Person, at time.Time, evidence lang.Text) (Action, error) {
	if err := a.MayVerify(by, at); err != nil {
		return a, err
	}
	a.State, a.VerifiedAt, a.VerifiedBy, a.Evidence = Verified, at, by, evidence
	return a, nil
}

// Refute opens an action again that turned out not to hold. Anybody may say so at any time, its owner included: bad news waits for nobody.
func (a Action) Refute(due time.Time) (Action, error) { return a.again(Refuted, due) }

// Reopen opens an action again because the cause it was against returned. An open one gets no new date: it was late already, or still binds.
func (a Action) Reopen(due time.Time) (Action, error) {
	if a.State == Open {
		return a, nil
	}
	return a.again(Reopened, due)
}

func (a Action) again(k StepKind, due time.Time) (Action, error) {
	next, ok := a.State.after(k)
	if !ok {
		return a, refusal(k)
	}
	a.State, a.DueAt = next, due
	a.DoneAt, a.DoneBy, a.VerifyFrom, a.VerifiedAt, a.VerifiedBy, a.Evidence = time.Time{}, "", time.Time{}, time.Time{}, "", nil
	return a, nil
}

// Drop ends an action that will not be done.
func (a Action) Drop() (Action, error) {
	next, ok := a.State.after(GivenUp)
	if !ok {
		return a, refusal(GivenUp)
	}
	a.State = next
	return a, nil
}

// MayChange says why an action cannot be changed any more; nil while it can.
func (a Action) MayChange() error {
	if _, ok := a.State.after(Changed); !ok {
		return refusal(Changed)
	}
	return nil
}

func refusal(k StepKind) error {
	return problem.New(problem.Conflict, "problem.action.state."+string(k))
}

// Ticketed is the ticket as a link if it is one that a browser may follow.
func (a Action) Ticketed() (href string, ok bool) {
	return a.Ticket, strings.HasPrefix(a.Ticket, "https://") || strings.HasPrefix(a.Ticket, "http://")
}

// Urgent reports whether actions after an incident are due in the shorter of the two terms (Atlassian's four and eight weeks).
func Urgent(i incident.Impact) bool {
	return i == incident.ImpactMajor || i == incident.ImpactCritical
}
