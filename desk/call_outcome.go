package desk

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// A Called says what came of a call to a customer, or to a number somebody left.
type Called struct {
	Customer  id.Customer
	Incidents []id.Incident // it was about; none: all they are on the list for
	Request   id.CallRequest
	External  string // the customer a number turned out to be, as the company's systems call them
	Outcome   reach.CallOutcome
	Contact   id.Contact // that was called; empty: the one that was to be
	Note      string
	Back      time.Time // with CallBack: when they want to be called
	At        time.Time // zero: now
	Key       string    // what makes a repeat the same; empty: the form's or the request's own
}

// oldestCall is how late somebody else's list of calls may come back.
const oldestCall = 30 * 24 * time.Hour

// CallOutcome notes what came of a call and does what follows from it: who was spoken with is reached, who did not answer is called again
// after the cool-down, a wrong number never. The same call twice is one.
func (d *Desk) CallOutcome(ctx context.Context, in Called) (err error) {
	defer wrap(&err, "note the call to %s%s", in.Customer, in.Request)
	if err := need(ctx, staff.Telephone); err != nil {
		return err
	}
	at := now()
	if err := in.check(at); err != nil {
		return err
	}
	once := onceKey(ctx, "call", in.Key)
	err = d.insist(ctx, func(tx *store.Tx) error {
		who, err := string(in.Customer), error(nil)
		if in.Request != "" {
			who, err = string(in.Request), d.requestCalled(ctx, tx, in, once, at)
		} else {
			err = d.customerCalled(ctx, tx, in, once, at)
		}
		if err != nil {
			return err
		}
		return tx.Leases.ReleaseCall(ctx, who, staff.Acting(ctx).Person.ID)
	})
	if err == nil {
		d.wake()
	}
	return err
}

// check says everything that is wrong with it, and completes it.
func (in *Called) check(at time.Time) (err error) {
	var wrong problem.List
	if !slices.Contains(reach.CallOutcomes[:], in.Outcome) {
		wrong.Add(problem.Field("outcome", "problem.call.outcome"))
	}
	if in.Note, err = callNote(in.Note); err != nil {
		wrong = append(wrong, problem.All(err)...)
	}
	if in.At.IsZero() {
		in.At = at
	}
	if in.At.After(at.Add(time.Minute)) || in.At.Before(at.Add(-oldestCall)) {
		wrong.Add(problem.Field("at", "problem.call.at"))
	}
	switch {
	case in.Outcome != reach.CallBack:
		in.Back = time.Time{}
	case !in.Back.After(in.At) || in.Back.After(at.Add(oldestCall)):
		wrong.Add(problem.Field("back_at", "problem.call.back"))
	}
	in.At, in.Back = in.At.UTC().Truncate(time.Microsecond), in.Back.UTC().Truncate(time.Microsecond)
	return wrong.Err()
}

func callNote(typed string) (string, error) {
	note := strings.TrimSpace(strings.ToValidUTF8(typed, ""))
	note = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' {
			return -1
		}
		return r
	}, note)
	if utf8.RuneCountInString(note) > longestCallNote {
		return "", problem.Field("note", "problem.call.note", "most", longestCallNote)
	}
	return note, nil
}

func (d *Desk) customerCalled(ctx context.Context, tx *store.Tx, in Called, once string, at time.Time) error {
	customer, err := found(tx.Customers.ByID(ctx, in.Customer))
	if err != nil {
		return err
	}
	if in.Contact != "" && !slices.ContainsFunc(customer.Contacts, func(c audience.Contact) bool { return c.ID == in.Contact && telephone(c) }) {
		return problem.Field("contact", "problem.call.contact")
	}
	if len(in.Incidents) == 0 {
		turns, err := tx.Affected.TurnsOf(ctx, in.Customer, at)
		if err != nil {
			return err
		}
		for _, t := range turns {
			in.Incidents = append(in.Incidents, t.Incident)
		}
	}
	if len(in.Incidents) == 0 {
		return problem.New(problem.Conflict, "problem.call.not_listed")
	}
	for _, i := range in.Incidents {
		if err := d.calledAbout(ctx, tx, in, i, once, at); err != nil {
			return err
		}
	}
	return nil
}

// calledAbout notes the call in one incident, and asks the ladder what follows.
func (d *Desk) calledAbout(ctx context.Context, tx *store.Tx, in Called, i id.Incident, once string, at time.Time) error {
	x, err := found(tx.Affected.Of(ctx, i, in.Customer))
	if err != nil {
		return err
	}
	if early := x.Since.Sub(in.At); early >= time.Minute {
		return problem.Field("at", "problem.call.before")
	} else if early > 0 {
		in.At = x.Since // lists of calls know minutes
	}
	if in.Contact == "" {
		_, customer, act, err := d.Pursued(ctx, tx, x, at)
		if err != nil {
			return err
		}
		in.Contact = act.Contact
		if n := slices.IndexFunc(customer.Contacts, telephone); in.Contact == "" && n >= 0 {
			in.Contact = customer.Contacts[n].ID
		}
	}
	call := store.CallRow{
		Call: reach.Call{At: in.At, Contact: in.Contact, Outcome: in.Outcome, Back: in.Back},
		ID:   id.New[id.Call](at), Incident: i, Customer: in.Customer, Person: staff.Acting(ctx).Person.ID, Note: in.Note, Once: once,
	}
	added, err := tx.Calls.Add(ctx, call)
	if err != nil || !added {
		return err
	}
	if in.Outcome == reach.SpokenWith || in.Outcome == reach.RefusedCall {
		if err := tx.CallRequests.Done(ctx, i, in.Customer, call.ID, at); err != nil {
			return err
		}
	}
	if _, err := d.Decide(ctx, tx, []reach.Affected{x}, at); err != nil {
		return err
	}
	return d.audit(ctx, tx, at, "call", string(in.Customer), nil, calledFacts{i, in.Outcome, in.At, in.Back})
}

// calledFacts are what the audit keeps: not the note, which may hold what a customer said about themselves.
type calledFacts struct {
	Incident id.Incident       `json:"incident"`
	Outcome  reach.CallOutcome `json:"outcome"`
	At       time.Time         `json:"at"`
	Back     time.Time         `json:"back_at,omitzero"`
}

// requestCalled notes a call to a number that is nobody's yet. It has no chase: it is called until somebody answers, as often as the
// incident's ladder says.
func (d *Desk) requestCalled(ctx context.Context, tx *store.Tx, in Called, once string, at time.Time) error {
	r, err := found(tx.CallRequests.ByID(ctx, in.Request))
	if err != nil || !r.DoneAt.IsZero() {
		return err
	}
	i, err := found(tx.Incidents.ByID(ctx, r.Incident))
	if err != nil {
		return err
	}
	s, _, err := tx.Settings.Load(ctx)
	if err != nil {
		return err
	}
	if in.External != "" {
		if r.Customer, err = whose(ctx, tx, in.External); err != nil {
			return err
		}
	}
	call := store.CallRow{
		Call: reach.Call{At: in.At, Contact: r.Contact, Outcome: in.Outcome, Back: in.Back},
		ID:   id.New[id.Call](at), Incident: i.ID, Customer: r.Customer, Person: staff.Acting(ctx).Person.ID, Note: in.Note, Once: once,
	}
	if added, err := tx.Calls.Add(ctx, call); err != nil || !added {
		return err
	}
	calls := s.Ladder(i.Kind, i.Impact).Calls
	switch in.Outcome {
	case reach.CallBack:
		r.CallAt = in.Back
	case reach.NoAnswer, reach.LeftMessage:
		r.Tries++
		r.CallAt = in.At.Add(calls.Cooldown)
		if r.Tries >= calls.Most {
			r.DoneAt, r.Call = at, call.ID
		}
	default:
		r.DoneAt, r.Call = at, call.ID
	}
	if err := tx.CallRequests.Settle(ctx, r); err != nil {
		return err
	}
	if r.Customer != "" {
		x, err := tx.Affected.Of(ctx, i.ID, r.Customer)
		if there, err := known(err); err != nil {
			return err
		} else if there {
			if _, err := d.Decide(ctx, tx, []reach.Affected{x}, at); err != nil {
				return err
			}
		}
	}
	return d.audit(ctx, tx, at, "call", string(r.ID), nil, calledFacts{i.ID, in.Outcome, in.At, in.Back})
}

func whose(ctx context.Context, tx *store.Tx, external string) (id.Customer, error) {
	c, err := tx.Customers.ByExternal(ctx, strings.TrimSpace(external))
	if there, err := known(err); err != nil {
		return "", err
	} else if !there {
		return "", problem.Field("external", "problem.call.whose")
	}
	return c.ID, nil
}

// telephone reports whether people can call a contact.
func telephone(c audience.Contact) bool {
	return c.Channel == audience.Voice || c.Channel == audience.SMS
}

// speaks is the language to speak with somebody who left a number.
func speaks(ctx context.Context, tx *store.Tx, asked string) (lang.Tag, error) {
	if tag := lang.Tag(asked); tag.Known() {
		return tag, nil
	}
	s, _, err := tx.Settings.Load(ctx)
	return s.Default(), err
}
