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

func (j *assessor) toldFirst() (portion, Fact, []any) {
	lead, known := j.ToldFirst()
	switch {
	case !known && j.Open():
		return unknown, FactOpen, nil
	case !known:
		return 1, FactNobodyReported, nil
	case lead >= 0:
		return 1, FactWeFirst, []any{"duration", lead}
	}
	return 0, FactTheyFirst, []any{"duration", -lead}
}

func (j *assessor) firstNotice() (portion, Fact, []any) {
	if j.DetectedAt.IsZero() || j.DeclaredAt.IsZero() {
		return unknown, FactUnnoted, nil
	}
	took := max(0, j.DeclaredAt.Sub(j.DetectedAt))
	return soonness(took), FactAfter, []any{"duration", took}
}

// scope asks when customers could first read what is broken.
func (j *assessor) scope() (portion, Fact, []any) {
	for _, u := range j.Updates {
		if len(u.Affected) == 0 && !(u.Number == 1 && j.Audience == incident.Listed) {
			continue
		}
		took := max(0, u.At.Sub(j.DeclaredAt))
		if took <= atOnce {
			return 1, FactAfter, []any{"duration", took}
		}
		return 0, FactAfter, []any{"duration", took}
	}
	return 0, FactUnsaid, nil
}

func (j *assessor) onTime() (portion, Fact, []any) {
	var words []promise.Promise
	for _, p := range j.Promises {
		if p.Kind == promise.NextUpdate {
			words = append(words, p)
		}
	}
	t := promise.Count(words, j.now)
	if t.Decided() == 0 {
		return unknown, FactNoneDue, nil
	}
	return portion(t.Kept) / portion(t.Decided()), FactOf, []any{"count", t.Kept, "all", t.Decided()}
}

func (j *assessor) namesNext() (portion, Fact, []any) {
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
		return unknown, FactNoneDue, nil
	}
	return portion(named) / portion(all), FactOf, []any{"count", named, "all", all}
}

func (j *assessor) endTold() (portion, Fact, []any) {
	if j.Open() || j.ResolvedAt.IsZero() {
		return unknown, FactOpen, nil
	}
	took := max(0, j.last().At.Sub(j.ResolvedAt))
	return soonness(took), FactAfter, []any{"duration", took}
}

func (j *assessor) reached() (portion, Fact, []any) {
	if j.Affected == 0 {
		return unknown, FactNobodyAffected, nil
	}
	return portion(j.Reached) / portion(j.Affected), FactOf, []any{"count", j.Reached, "all", j.Affected}
}

func (j *assessor) twoChannels() (portion, Fact, []any) {
	if j.Affected == 0 {
		return unknown, FactNobodyAffected, nil
	}
	if j.Channels >= 2 {
		return 1, FactChannels, []any{"count", j.Channels}
	}
	return 0, FactChannels, []any{"count", j.Channels}
}

func (j *assessor) namedHuman() (portion, Fact, []any) {
	named := 0
	for _, u := range j.Updates {
		if j.Reachable[u.Number] {
			named++
		}
	}
	if len(j.Updates) == 0 {
		return unknown, FactNoneDue, nil
	}
	return portion(named) / portion(len(j.Updates)), FactOf, []any{"count", named, "all", len(j.Updates)}
}

func (j *assessor) reportOnTime() (portion, Fact, []any) {
	for _, p := range j.Promises {
		if p.Kind != promise.Report {
			continue
		}
		switch p.Outcome(j.now) {
		case promise.Kept:
			return 1, FactOnTime, nil
		case promise.KeptLate, promise.Overdue:
			return 0, FactLate, []any{"duration", p.Late(j.now)}
		}
		return unknown, FactPending, nil
	}
	if j.Open() {
		return unknown, FactOpen, nil
	}
	return 0, FactNoReport, nil
}
