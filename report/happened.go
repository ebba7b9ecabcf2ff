package report

import (
	"cmp"
	"slices"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/promise"
)

// A Row is one line of what happened, in the order it happened. What Candor knows itself is kept as a fact, so that every reader has it in
// their own language; what only people know is their words.
type Row struct {
	At   time.Time `json:"at"`
	Fact Fact      `json:"fact"`
	// Text is what a person wrote: all of a row of Own, and what they add to a fact.
	Text lang.Text `json:"text,omitempty"`
	// Hidden keeps a fact off the page that is of no help in understanding what happened. It stays in the record of the incident.
	Hidden bool `json:"hidden,omitempty"`

	Component id.Component       `json:"component,omitzero"`
	Is        component.Status   `json:"is,omitempty"`
	Update    id.Code            `json:"update,omitzero"`
	Number    int                `json:"number,omitempty"` // of the update
	Status    incident.Status    `json:"status,omitempty"`
	By        incident.Detection `json:"by,omitempty"`
	Late      time.Duration      `json:"late,omitempty"`
}

// A Fact is what a row says.
type Fact string

const (
	Broke    Fact = "broke"    // for customers
	Noticed  Fact = "noticed"  // by us
	Reported Fact = "reported" // by the first customer
	Said     Fact = "said"     // an update; number 1 is the first word
	Missed   Fact = "missed"   // a word that was promised and did not come
	Turned   Fact = "changed"  // a component
	Over     Fact = "over"
	Own      Fact = "own" // what a person wrote
)

// Facts of rows in the order of one instant.
var facts = [...]Fact{Broke, Reported, Noticed, Turned, Said, Missed, Own, Over}

// MostRows bounds what happened: a report is read by people.
const MostRows = 300

// A Ledger is what Candor knows of an incident.
type Ledger struct {
	Incident   incident.Incident
	Updates    []incident.Update
	Promises   []promise.Promise // to customers
	Components []component.Component
	Intervals  []component.Interval   // of the components it hit, during it
	Customers  map[id.Component]int64 // affected, by the component they use; under "" those who were named or are everybody
	Told       int64
	Reached    int64
	Messages   int64
}

// Affected is how many customers it hit.
func (l Ledger) Affected() (n int64) {
	for _, customers := range l.Customers {
		n += customers
	}
	return n
}

// Happened is what the ledger knows, in order of time: detected, told, statuses, and every word that did not come.
func (l Ledger) Happened() (rows []Row) {
	i := l.Incident
	add := func(r Row) {
		if !r.At.IsZero() {
			rows = append(rows, r)
		}
	}
	add(Row{At: i.StartedAt, Fact: Broke})
	add(Row{At: i.DetectedAt, Fact: Noticed, By: i.DetectedBy})
	add(Row{At: i.FirstReportAt, Fact: Reported})
	add(Row{At: i.ResolvedAt, Fact: Over})
	for _, u := range l.Updates {
		add(Row{At: u.At, Fact: Said, Update: u.Code, Number: u.Number, Status: u.Status})
	}
	for _, in := range l.Intervals {
		if in.Incident == i.ID {
			add(Row{At: in.From, Fact: Turned, Component: in.Component, Is: in.Status})
		}
	}
	for _, p := range l.Promises {
		if p.Kind == promise.NextUpdate && p.Late(cmp.Or(p.KeptAt, p.WithdrawnAt, p.DueAt)) > 0 {
			add(Row{At: p.DueAt, Fact: Missed, Late: p.Late(cmp.Or(p.KeptAt, p.WithdrawnAt, p.DueAt))})
		}
	}
	inOrder(rows)
	return rows[:min(len(rows), MostRows)]
}

// Refresh brings what happened up to what the ledger knows now, and keeps what people wrote or hid.
func (a Account) Refresh(l Ledger) []Row {
	fresh := l.Happened()
	for n, row := range fresh {
		if was := slices.IndexFunc(a.Happened, row.same); was >= 0 {
			fresh[n].Text, fresh[n].Hidden = a.Happened[was].Text, a.Happened[was].Hidden
		}
	}
	for _, row := range a.Happened {
		if row.Fact == Own {
			fresh = append(fresh, row)
		}
	}
	inOrder(fresh)
	return fresh[:min(len(fresh), MostRows)]
}

// same reports whether two rows are one fact; its instant may have been put right.
func (r Row) same(o Row) bool {
	if r.Fact != o.Fact || r.Fact == Own {
		return false
	}
	switch r.Fact {
	case Said:
		return r.Update == o.Update
	case Turned, Missed:
		return r.Component == o.Component && r.Is == o.Is && r.At.Equal(o.At)
	}
	return true
}

func inOrder(rows []Row) {
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(slices.Index(facts[:], a.Fact), slices.Index(facts[:], b.Fact)))
	})
}

// Shown are the rows customers read.
func (a Account) Shown() []Row {
	return slices.DeleteFunc(slices.Clone(a.Happened), func(r Row) bool { return r.Hidden })
}

// Annotate takes over what somebody wrote to the rows, or hid, and their own rows as they stand now. A fact cannot be added or taken out so.
func (a Account) Annotate(rows []Row) []Row {
	var all []Row
	for _, row := range a.Happened {
		if row.Fact == Own {
			continue
		}
		if n := slices.IndexFunc(rows, row.same); n >= 0 {
			row.Text, row.Hidden = rows[n].Text.Trimmed(), rows[n].Hidden
		}
		all = append(all, row)
	}
	for _, row := range rows {
		if row.Fact == Own {
			all = append(all, Row{At: row.At.UTC().Truncate(time.Microsecond), Fact: Own, Text: row.Text.Trimmed(), Hidden: row.Hidden})
		}
	}
	inOrder(all)
	return all
}
