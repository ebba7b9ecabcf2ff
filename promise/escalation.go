package promise

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"candor/id"
)

// A Loudness is by what means somebody is called; each louder one is used beside the quieter ones.
type Loudness int

const (
	ByMail Loudness = iota + 1
	ByText
	ByVoice
)

// A Team is who can be called about a promise.
type Team struct {
	Lead          id.Person
	Tree          []id.Person // the call-in tree, in the order it is called
	Communicators []id.Person // everybody who may speak for the company
	Loudest       Loudness    // what the company has; mail if nothing is set
}

// A Summons is whom to call about a promise, how, and why: the reason is kept and shown.
type Summons struct {
	People []id.Person
	By     Loudness
	Reason string
}

// Escalate decides whom a timer calls. Before the deadline: the promiser. At it: the promiser and the incident's lead. After it: one more of
// the call-in tree each time, and at its end, or without one, every communicator. Each step is louder than the one before, as far as the
// company has the means. Nobody is called about what is settled, and a promise without a promiser still calls somebody.
func Escalate(p Promise, step Step, team Team, now time.Time) (Summons, bool) {
	if fire, reason := Fire(p, step, now); !fire {
		return Summons{Reason: reason}, false
	}
	by, reason, people := team.call(p, step)
	// A promise nobody is reminded of is missed without anybody knowing: whoever is left is called.
	for _, instead := range [][]id.Person{{p.Promiser, team.Lead}, team.Communicators, team.Tree} {
		if people = each(people); len(people) == 0 {
			people = instead
		}
	}
	people = each(people)
	return Summons{people, min(by, max(team.Loudest, ByMail)), reason}, len(people) > 0
}

func (t Team) call(p Promise, step Step) (by Loudness, reason string, people []id.Person) {
	n, late := step.rung()
	switch others := t.others(p); {
	case !late:
		return ByMail, "it falls due soon", []id.Person{p.Promiser}
	case n == 0:
		return ByText, "it is due", []id.Person{p.Promiser, t.Lead}
	case n <= len(others):
		return ByVoice, "it is overdue and the next of the call-in tree is called", others[n-1 : n]
	case len(others) > 0:
		return ByVoice, "it is overdue and the call-in tree is at its end", t.Communicators
	}
	return ByVoice, "it is overdue and there is nobody else in the call-in tree", t.Communicators
}

// others are the people of the tree who have not been called at the deadline, in its order.
func (t Team) others(p Promise) []id.Person {
	return slices.DeleteFunc(each(t.Tree), func(x id.Person) bool { return x == p.Promiser || x == t.Lead })
}

// each is people without blanks and repetitions, in order.
func each(people []id.Person) (once []id.Person) {
	for _, x := range people {
		if x != "" && !slices.Contains(once, x) {
			once = append(once, x)
		}
	}
	return once
}

// after is the nth step after the deadline, from 1.
func after(n int) Step { return Step("after " + strconv.Itoa(n)) }

// Late reports whether s comes after the deadline.
func (s Step) Late() bool {
	n, late := s.rung()
	return late && n > 0
}

// rung is how many steps after the deadline s is, 0 for the deadline itself; false before it.
func (s Step) rung() (n int, late bool) {
	if s == AtDue {
		return 0, true
	}
	figure, ok := strings.CutPrefix(string(s), "after ")
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(figure)
	return n, err == nil && n > 0
}
