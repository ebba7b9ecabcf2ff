package playbook

import (
	"time"

	"candor/incident"
	"candor/promise"
)

// What earns all of it, and half.
const (
	atOnce = 5 * time.Minute
	soon   = 15 * time.Minute
)

func soonness(d time.Duration) portion {
	switch {
	case d <= atOnce:
		return 1
	case d <= soon:
		return 0.5
	}
	return 0
}

func (j *assessor) toldFirst() (portion, Basis) {
	lead, known := j.ToldFirst()
	switch {
	case !known && j.Open():
		return unknown, Basis{Fact: FactOpen}
	case !known:
		return 1, Basis{Fact: FactNobodyReported}
	case lead >= 0:
		return 1, Basis{Fact: FactWeFirst, Took: lead}
	}
	return 0, Basis{Fact: FactTheyFirst, Took: -lead}
}

func (j *assessor) firstNotice() (portion, Basis) {
	if j.DetectedAt.IsZero() || j.DeclaredAt.IsZero() {
		return unknown, Basis{Fact: FactUnnoted}
	}
	took := max(0, j.DeclaredAt.Sub(j.DetectedAt))
	return soonness(took), Basis{Fact: FactAfter, Took: took}
}

// scope asks when customers could first read what is broken.
func (j *assessor) scope() (portion, Basis) {
	for _, u := range j.Updates {
		if len(u.Affected) == 0 && !(u.Number == 1 && j.Audience == incident.Listed) {
			continue
		}
		took := max(0, u.At.Sub(j.DeclaredAt))
		if took <= atOnce {
			return 1, Basis{Fact: FactAfter, Took: took}
		}
		return 0, Basis{Fact: FactAfter, Took: took}
	}
	return 0, Basis{Fact: FactUnsaid}
}

func (j *assessor) onTime() (portion, Basis) {
	var words []promise.Promise
	for _, p := range j.Promises {
		if p.Kind == promise.NextUpdate {
			words = append(words, p)
		}
	}
	t := promise.Count(words, j.now)
	if t.Decided() == 0 {
		return unknown, Basis{Fact: FactNoneDue}
	}
	return portion(t.Kept) / portion(t.Decided()), Basis{Fact: FactOf, Count: int64(t.Kept), All: int64(t.Decided())}
}

func (j *assessor) namesNext() (portion, Basis) {
	named, all := 0, 0
	for _, u := range j.Updates {
		if u.Status == incident.Resolved || u.Status == incident.Completed {
			continue
		}
		all++
		if !u.NextBy.IsZero() {
			named++
		}
	}
	if all == 0 {
		return unknown, Basis{Fact: FactNoneDue}
	}
	return portion(named) / portion(all), Basis{Fact: FactOf, Count: int64(named), All: int64(all)}
}

func (j *assessor) endTold() (portion, Basis) {
	if j.Open() || j.ResolvedAt.IsZero() {
		return unknown, Basis{Fact: FactOpen}
	}
	took := max(0, j.last().At.Sub(j.ResolvedAt))
	return soonness(took), Basis{Fact: FactAfter, Took: took}
}

func (j *assessor) reached() (portion, Basis) {
	if j.Affected == 0 {
		return unknown, Basis{Fact: FactNobodyAffected}
	}
	return portion(j.Reached) / portion(j.Affected), Basis{Fact: FactOf, Count: int64(j.Reached), All: int64(j.Affected)}
}

func (j *assessor) twoChannels() (portion, Basis) {
	if j.Affected == 0 {
		return unknown, Basis{Fact: FactNobodyAffected}
	}
	if j.Channels >= 2 {
		return 1, Basis{Fact: FactChannels, Count: int64(j.Channels)}
	}
	return 0, Basis{Fact: FactChannels, Count: int64(j.Channels)}
}

func (j *assessor) namedHuman() (portion, Basis) {
	named := 0
	for _, u := range j.Updates {
		if j.Reachable[u.Number] {
			named++
		}
	}
	if len(j.Updates) == 0 {
		return unknown, Basis{Fact: FactNoneDue}
	}
	return portion(named) / portion(len(j.Updates)), Basis{Fact: FactOf, Count: int64(named), All: int64(len(j.Updates))}
}

func (j *assessor) reportOnTime() (portion, Basis) {
	for _, p := range j.Promises {
		if p.Kind != promise.Report {
			continue
		}
		switch p.Outcome(j.now) {
		case promise.Kept:
			return 1, Basis{Fact: FactOnTime}
		case promise.KeptLate, promise.Overdue:
			return 0, Basis{Fact: FactLate, Took: p.Late(j.now)}
		}
		return unknown, Basis{Fact: FactPending}
	}
	if j.Open() {
		return unknown, Basis{Fact: FactOpen}
	}
	return 0, Basis{Fact: FactNoReport}
}
