package settings

import (
	"time"

	"candor/incident"
	"candor/problem"
	"candor/promise"
)

// Reports is what the company decided about reports on cause and corrective action. Zero values are the house's.
type Reports struct {
	// Due is within how many working days a report is promised, by impact; none where it is nought.
	Due map[incident.Impact]int `json:"due,omitempty"`
	// Soon and Later are within how many weeks an action is due: after an incident that hit hard, and after another.
	Soon  int `json:"soon,omitempty"`
	Later int `json:"later,omitempty"`
	// Wait is how many days after it was done somebody else looks whether an action works.
	Wait int `json:"wait,omitempty"`
	// Second says that whoever wrote a report does not publish it alone.
	Second bool `json:"second,omitempty"`
}

// PagerDuty's own template says five working days for any; its process, five for what is less than severe. Atlassian's actions are due in four
// or eight weeks. Whether something holds shows within a month, or it was not looked at.
const (
	dueHard, dueElse   = 5, 10
	weeksSoon, weeksTo = 4, 8
	daysWait           = 28
)

// DueDays is within how many working days the report of an incident is promised; zero: not by itself.
func (r Reports) DueDays(i incident.Impact) int {
	if r.Due != nil {
		return r.Due[i]
	}
	switch i {
	case incident.ImpactMajor, incident.ImpactCritical:
		return dueHard
	case incident.ImpactMinor:
		return dueElse
	}
	return 0
}

// Weeks is within how many weeks an action is due.
func (r Reports) Weeks(urgent bool) int {
	if urgent {
		return orElse(r.Soon, weeksSoon)
	}
	return orElse(r.Later, weeksTo)
}

// Waiting is how long an action is left to prove itself.
func (r Reports) Waiting() time.Duration {
	return time.Duration(orElse(r.Wait, daysWait)) * 24 * time.Hour
}

func orElse(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

const (
	mostDays  = 60
	mostWeeks = 52
)

func (r Reports) check() (wrong problem.List) {
	for i, days := range r.Due {
		if !i.Valid() || days < 0 || days > mostDays {
			wrong.Add(problem.Field("reports.due."+string(i), "problem.reports.days", "most", mostDays))
		}
	}
	within := func(field string, n, most int) {
		if n < 0 || n > most {
			wrong.Add(problem.Field(field, "problem.reports.within", "most", most))
		}
	}
	within("reports.soon", r.Soon, mostWeeks)
	within("reports.later", r.Later, mostWeeks)
	within("reports.wait", r.Wait, 365)
	return wrong
}

// ReportDue is by when the report of an incident that was over at an instant is promised: the end of a working day, where the company is at
// home. Zero where none is promised by itself.
func (s Settings) ReportDue(i incident.Incident, over time.Time) time.Time {
	days := s.Reports.DueDays(i.Impact)
	if days == 0 || i.Kind == incident.Maintenance {
		return time.Time{}
	}
	places, err := s.LegalPlaces()
	if err != nil {
		return time.Time{}
	}
	home := places.Home
	home.Zone = s.Zoned()
	due, _ := promise.Period{Amount: days, Unit: promise.BusinessDays}.After(over, home)
	return due.UTC()
}

// ActionDue is by when an action against what caused an incident is due unless somebody says otherwise.
func (s Settings) ActionDue(urgent bool, from time.Time) time.Time {
	return promise.DayOf(from, s.Zoned()).Add(7 * s.Reports.Weeks(urgent)).End(s.Zoned()).UTC()
}
