package reach

import (
	"fmt"
	"iter"

	"candor/id"
	"candor/lang"
	"candor/settings"
)

// A Standing is where one customer, or several who stand alike, are in an incident.
type Standing struct {
	Customers  int64 // who stand like this; a store may count them before
	Language   lang.Tag
	Components []id.Component // the affected ones they use
	Channel    string         // the highest rung they came to; empty for none
	Told       bool           // a channel took a word of this incident, or one of us said it
	End        End            // empty while the chase goes on
	Reason     Why
	// Calling says that it is people's turn: the customer is on the call list, now or after a cool-down.
	Calling bool
}

// Standing is where the chase stands after Next said act.
func (c Chase) Standing(act Act) Standing {
	k := climb{Chase: c.current(), began: c.start()}
	s := Standing{
		Customers: 1, Told: k.told() || act.End.Reached(), End: act.End, Reason: act.Reason,
		Calling: act.Do == HandOver || act.Do == Wait && act.Channel == settings.Person,
	}
	var last Try
	for _, t := range k.Tries {
		if t.Attempt > 0 && !t.PlannedAt.Before(last.PlannedAt) {
			last = t
		}
	}
	s.Channel = last.Channel
	if s.Calling || len(k.Calls) > 0 {
		s.Channel = settings.Person
	}
	return s
}

// What a list of an incident's customers may show besides an End.
const (
	StillOpen  = "open"
	OnCallList = "calling"
)

// Keep is which standings a list shows: those of an End, StillOpen or OnCallList, with a reason; either may be empty. Both empty is nil, all.
func Keep(where string, reason Why) func(Standing) bool {
	if where == "" && reason == "" {
		return nil
	}
	return func(s Standing) bool {
		switch {
		case reason != "" && s.Reason != reason:
			return false
		case where == StillOpen:
			return s.End == ""
		case where == OnCallList:
			return s.Calling
		}
		return where == "" || string(s.End) == where
	}
}

// Figures are what the company may say about how many it reached. Each customer is in Affected once, and in exactly one of Closed,
// Unconfirmed and Open.
type Figures struct {
	Affected    int64
	Told        int64 // a channel took it
	Reached     int64 // a human of theirs said so, or was heard
	Closed      int64 // reached, overtaken, opted out, or unreachable with its reason
	Unconfirmed int64 // ended as told, not confirmed: never among the reached
	Open        int64
	Calling     int64 // of the open, on the call list
	Ends        map[End]int64
	Reasons     map[Why]int64 // of those not reached: why it ended, or what is waited for
}

// Coverage is the figures of an incident, whole and by what may explain a gap. A customer with several components counts in each.
type Coverage struct {
	All         Figures
	ByLanguage  map[lang.Tag]Figures
	ByChannel   map[string]Figures
	ByComponent map[id.Component]Figures
}

// Cover counts. Nothing but these rows goes into what Candor says about itself (promise 1).
func Cover(rows iter.Seq[Standing]) Coverage {
	var all Figures
	languages, channels, components := map[lang.Tag]*Figures{}, map[string]*Figures{}, map[id.Component]*Figures{}
	for s := range rows {
		all.add(s)
		of(languages, s.Language).add(s)
		of(channels, s.Channel).add(s)
		for _, c := range s.Components {
			of(components, c).add(s)
		}
	}
	return Coverage{All: all, ByLanguage: values(languages), ByChannel: values(channels), ByComponent: values(components)}
}

func of[K comparable](m map[K]*Figures, k K) *Figures {
	if m[k] == nil {
		m[k] = &Figures{}
	}
	return m[k]
}

func values[K comparable](m map[K]*Figures) map[K]Figures {
	all := make(map[K]Figures, len(m))
	for k, f := range m {
		all[k] = *f
	}
	return all
}

func (f *Figures) add(s Standing) {
	if f.Ends == nil {
		f.Ends, f.Reasons = map[End]int64{}, map[Why]int64{}
	}
	n := s.Customers
	f.Affected += n
	if s.Told || s.End.Reached() {
		f.Told += n
	}
	if s.End.Reached() {
		f.Reached += n
	} else {
		f.Reasons[s.Reason] += n
	}
	switch {
	case s.End == "":
		f.Open += n
		if s.Calling {
			f.Calling += n
		}
		return
	case s.End.Closed():
		f.Closed += n
	default:
		f.Unconfirmed += n
	}
	f.Ends[s.End] += n
}

// Share is how many of all in tenths of a percent, cut and never rounded up: 4,814 of 4,815 are not 100%. Of nobody, it is unknown.
func Share(some, all int64) (tenths int64, known bool) {
	if all <= 0 {
		return 0, false
	}
	return some * 1000 / all, true
}

// Faults says what cannot be. Whoever shows figures shows these too: a wrong figure about ourselves is worse than none.
func (f Figures) Faults() (all []string) {
	fault := func(wrong bool, what string, args ...any) {
		if wrong {
			all = append(all, fmt.Sprintf(what, args...))
		}
	}
	var ended, waiting int64
	for _, n := range f.Ends {
		ended += n
	}
	for _, n := range f.Reasons {
		waiting += n
	}
	fault(f.Closed+f.Unconfirmed+f.Open != f.Affected, "closed %d + unconfirmed %d + open %d are not affected %d", f.Closed, f.Unconfirmed, f.Open, f.Affected)
	fault(f.Reached > f.Told || f.Told > f.Affected, "reached %d, told %d, affected %d", f.Reached, f.Told, f.Affected)
	fault(f.Reached > f.Closed, "reached %d, closed %d", f.Reached, f.Closed)
	fault(f.Calling > f.Open, "calling %d, open %d", f.Calling, f.Open)
	fault(ended != f.Closed+f.Unconfirmed, "ends %d are not closed %d + unconfirmed %d", ended, f.Closed, f.Unconfirmed)
	fault(waiting+f.Reached != f.Affected, "reasons %d + reached %d are not affected %d", waiting, f.Reached, f.Affected)
	return all
}

// Faults of the whole and between its parts.
func (c Coverage) Faults() []string {
	all := c.All.Faults()
	var languages, channels Figures
	for _, f := range c.ByLanguage {
		languages = languages.plus(f)
	}
	for _, f := range c.ByChannel {
		channels = channels.plus(f)
	}
	for what, sum := range map[string]Figures{"languages": languages, "channels": channels} {
		if sum.Affected != c.All.Affected || sum.Told != c.All.Told || sum.Reached != c.All.Reached || sum.Closed != c.All.Closed || sum.Open != c.All.Open {
			all = append(all, "the "+what+" do not add up to the whole")
		}
	}
	return all
}

func (f Figures) plus(g Figures) Figures {
	return Figures{
		Affected: f.Affected + g.Affected, Told: f.Told + g.Told, Reached: f.Reached + g.Reached,
		Closed: f.Closed + g.Closed, Open: f.Open + g.Open,
	}
}
