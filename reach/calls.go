package reach

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/settings"
)

// CallOutcome is what came of a call: one key of the agent's.
type CallOutcome string

const (
	SpokenWith  CallOutcome = "spoken_with"
	LeftMessage CallOutcome = "left_message"
	NoAnswer    CallOutcome = "no_answer"
	WrongNumber CallOutcome = "wrong_number" // a stranger's, who is never called again
	CallBack    CallOutcome = "call_back"    // they said when
	RefusedCall CallOutcome = "refused"      // they do not want our calls
)

// CallOutcomes in the order of the agent's keys.
var CallOutcomes = [...]CallOutcome{SpokenWith, LeftMessage, NoAnswer, WrongNumber, CallBack, RefusedCall}

// Valid reports whether somebody may say that this came of a call: an agent's key, or a line of an external call centre's file.
func (o CallOutcome) Valid() bool { return slices.Contains(CallOutcomes[:], o) }

// An effect is what an outcome does to the chase: the only table of it.
type effect struct {
	answered bool // the chase ends as spoken with
	told     bool // they have our word, without proof that anybody heard it
	counts   bool // as one of the ladder's calls without success
	cools    bool // the next call waits for the cool-down; else it may be made at once, or when agreed
	drops    bool // the number is not called again, and nothing is texted there
	refuses  bool // no number of theirs is called again
}

var effects = map[CallOutcome]effect{
	SpokenWith:  {answered: true, told: true},
	LeftMessage: {told: true, counts: true, cools: true},
	NoAnswer:    {counts: true, cools: true},
	WrongNumber: {drops: true}, // their next number at once: nobody of theirs was disturbed
	CallBack:    {},            // agreed, so neither counted nor cooled; the chase's Longest bounds it
	RefusedCall: {refuses: true},
}

// call decides whether a person of ours is owed to the customer, and if so whether now. owed is false if there is no number, all calls
// were made, or they do not want any.
func (k climb) call(why Why) (act Act, owed bool) {
	number, found := k.number()
	if !found || k.refused() || k.unanswered() >= k.ladder.Calls.Most || !k.now.Before(k.limit()) {
		return Act{}, false
	}
	act = Act{Channel: settings.Person, Contact: number, Attempt: k.unanswered() + 1}
	at, wait, invited := k.now, Why(""), k.Asked.At
	if last, ok := k.lastCall(); ok {
		switch {
		case last.Outcome == CallBack:
			at, wait, invited = last.Back, WhyCallAgreed, last.Back
		case effects[last.Outcome].cools:
			at, wait = last.At.Add(k.ladder.Calls.Cooldown), WhyCooldown
		}
	}
	at = latest(at, k.now)
	if k.rings(settings.Person) && !k.invitedTonight(invited, at) {
		if quiet := k.ladder.Quiet.Over(at, k.zones()...); quiet.After(at) {
			at, wait = quiet, WhyQuiet
		}
	}
	act.Do, act.At, act.Reason = Wait, at, wait
	if at.After(k.now) {
		act.At = earliest(at, k.limit())
		return act, true
	}
	act.Do, act.At, act.Reason = HandOver, k.until(), why
	return act, true
}

// until is how long a call that may be made now may be made: till the customer's night, or till its end if they want to be called in it.
func (k climb) until() time.Time {
	if !k.rings(settings.Person) {
		return k.limit()
	}
	at := k.ladder.Quiet.Begins(k.now, k.zones()...)
	if !at.After(k.now) && !at.IsZero() {
		at = k.ladder.Quiet.Over(k.now, k.zones()...)
	}
	if at.IsZero() || at.After(k.limit()) {
		return k.limit()
	}
	return at
}

// invitedTonight reports whether the customer chose, in the very night that at is in, to be called: one who leaves a number at midnight
// waits for the call. It is no leave to ring in the next night.
func (k climb) invitedTonight(invited, at time.Time) bool {
	q := k.ladder.Quiet
	morning := q.Over(invited, k.zones()...)
	return !invited.IsZero() && morning.After(invited) && morning.Equal(q.Over(at, k.zones()...))
}

// calls are those that count for what is going on: since the customer asked, if they did.
func (k climb) calls() []Call {
	if !k.Asked.Open() {
		return k.Calls
	}
	return slices.DeleteFunc(slices.Clone(k.Calls), func(c Call) bool { return c.At.Before(k.Asked.At) && c.Outcome != WrongNumber })
}

func (k climb) lastCall() (Call, bool) {
	calls := k.calls()
	if len(calls) == 0 {
		return Call{}, false
	}
	return calls[len(calls)-1], true
}

func (k climb) unanswered() (n int) {
	for _, c := range k.calls() {
		if effects[c.Outcome].counts {
			n++
		}
	}
	return n
}

func (k climb) heard(o CallOutcome) bool {
	return slices.ContainsFunc(k.Calls, func(c Call) bool { return c.Outcome == o })
}

func (k climb) refused() bool {
	return slices.ContainsFunc(k.calls(), func(c Call) bool { return effects[c.Outcome].refuses })
}

// number is which of their phones to call: the one they left, then the one called least, in the customer's order. A number that takes no
// texts may still be a telephone on a desk.
func (k climb) number() (best id.Contact, found bool) {
	fewest := 0
	for _, w := range k.Ways {
		phone := w.Channel == audience.Voice || w.Channel == audience.SMS
		open := w.Stop == "" || w.Stop == audience.HardBounce && w.Channel == audience.SMS
		if !phone || !open || k.wrong(w) {
			continue
		}
		n := 2 * k.called(w)
		if w.Contact == k.Asked.Contact {
			n--
		}
		if !found || n < fewest {
			best, fewest, found = w.Contact, n, true
		}
	}
	return best, found
}

func (k climb) called(w Way) (n int) {
	for _, c := range k.calls() {
		if k.same(c.Contact, w) {
			n++
		}
	}
	return n
}

// wrong reports whether somebody of ours heard that the way is a stranger's.
func (k climb) wrong(w Way) bool {
	return slices.ContainsFunc(k.Calls, func(c Call) bool { return effects[c.Outcome].drops && k.same(c.Contact, w) })
}

// same reports whether a contact and a way are one phone.
func (k climb) same(c id.Contact, w Way) bool {
	return c == w.Contact || w.Number != "" && slices.ContainsFunc(k.Ways, func(other Way) bool {
		return other.Contact == c && other.Number == w.Number
	})
}

// A Caller is a customer on the call list, as far as the order goes.
type Caller struct {
	Customer id.Customer
	Impact   incident.Impact
	AskedAt  time.Time // zero if they did not ask
	MustAct  bool
	Told     bool
	Fee      int64     // per month, in the smallest unit of one currency: who asks converts
	Since    time.Time // waiting since
}

// Urgency orders the call list, for slices.SortFunc: who asked, in the order they did; then who must act; then the harder hit; then who
// lost most; then who waits longest.
func Urgency(a, b Caller) int {
	return cmp.Or(
		first(!a.AskedAt.IsZero(), !b.AskedAt.IsZero()),
		a.AskedAt.Compare(b.AskedAt),
		first(a.MustAct, b.MustAct),
		first(a.Impact.Worse(b.Impact), b.Impact.Worse(a.Impact)),
		cmp.Compare(b.Fee, a.Fee),
		a.Since.Compare(b.Since),
		cmp.Compare(a.Customer, b.Customer),
	)
}

func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// CallCode is what a caller from the company says, and what the customer's own page shows: six digits, because digits are heard right in
// every language. It is derived from the instance's secret, so that it needs no row, and it is another one for every incident, so that
// one overheard is worth nothing at the next.
func CallCode(secret []byte, i id.Incident, c id.Customer) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("candor/call/" + string(i) + "/" + string(c)))
	n := binary.BigEndian.Uint64(mac.Sum(nil)) % 1_000_000
	return fmt.Sprintf("%03d %03d", n/1000, n%1000)
}
