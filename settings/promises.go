package settings

import (
	"slices"
	"strings"
	"time"

	"candor/problem"
	"candor/promise"
)

// Promises is what the company decided about its record, and about the legal clocks it answers to.
type Promises struct {
	// Withheld keeps the record off the page, which then says so.
	Withheld bool `json:"withheld,omitempty"`
	// Regimes are those whose clocks are offered; all, if none is named.
	Regimes []promise.Regime `json:"regimes,omitempty"`
	// Region is whose working days count where a law does not say; Free are days of rest it does not know, such as decreed ones.
	Region string        `json:"region,omitempty"`
	Free   []promise.Day `json:"free,omitempty"`
	// Clocks are the company's own rows in the form of clocks.json; one with the id of a row of the house takes its place.
	Clocks string `json:"clocks,omitempty"`
}

const (
	longestClocks = 200_000
	mostFree      = 400
)

// check refuses what would later count no deadline, or the wrong one.
func (p Promises) check() (wrong problem.List) {
	if len(p.Clocks) > longestClocks {
		wrong.Add(problem.Field("promises.clocks", "problem.text.characters.many", "most", longestClocks))
		return wrong
	}
	clocks, err := p.clocks()
	if err != nil {
		wrong.Add(problem.Field("promises.clocks", "problem.legal.clocks", "why", plainly(err)))
	}
	for _, r := range p.Regimes {
		if err == nil && !slices.ContainsFunc(clocks, func(c promise.Clock) bool { return c.Family == r }) {
			wrong.Add(problem.Field("promises.regimes", "problem.choice"))
		}
	}
	regions, err := promise.Calendars()
	if err != nil || p.Region != "" && !slices.ContainsFunc(regions, func(c promise.Calendar) bool { return c.Region == p.Region }) {
		wrong.Add(problem.Field("promises.region", "problem.choice"))
	}
	if len(p.Free) > mostFree {
		wrong.Add(problem.Field("promises.free", "problem.legal.free", "most", mostFree))
	}
	return wrong
}

// plainly is an error of the rows as one line, for who typed them.
func plainly(err error) string {
	return strings.ReplaceAll(strings.TrimPrefix(err.Error(), "read clocks: "), "\n", "; ")
}

func (p Promises) clocks() ([]promise.Clock, error) {
	house, err := promise.Clocks()
	if err != nil || strings.TrimSpace(p.Clocks) == "" {
		return house, err
	}
	return promise.ReadOwn([]byte(p.Clocks), house)
}

// LegalClocks are those the company answers to, its own rows among them.
func (s Settings) LegalClocks() ([]promise.Clock, error) {
	all, err := s.Promises.clocks()
	if len(s.Promises.Regimes) == 0 {
		return all, err
	}
	return slices.DeleteFunc(all, func(c promise.Clock) bool { return !slices.Contains(s.Promises.Regimes, c.Family) }), err
}

// LegalPlaces are where deadlines are counted: at home in the company's zone and by the working days of its region.
func (s Settings) LegalPlaces() (promise.Places, error) {
	regions, err := promise.Calendars()
	if err != nil {
		return promise.Places{}, err
	}
	for n := range regions {
		regions[n].Dates = append(regions[n].Dates, s.Promises.Free...)
	}
	home := promise.Place{Zone: s.Zoned(), Calendar: promise.Calendar{Dates: s.Promises.Free}}
	if n := slices.IndexFunc(regions, func(c promise.Calendar) bool { return c.Region == s.Promises.Region }); n >= 0 {
		home.Calendar = regions[n]
	}
	return promise.Places{Home: home, Regions: regions}, nil
}

// ParseDays reads days, one a line or between commas, as 2026-12-24; false with the first that is none.
func ParseDays(text string) (days []promise.Day, wrong string, ok bool) {
	for _, field := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' || r == '\r' || r == ' ' }) {
		t, err := time.Parse(time.DateOnly, field)
		if err != nil {
			return nil, field, false
		}
		days = append(days, promise.DayOf(t, time.UTC))
	}
	return days, "", true
}
