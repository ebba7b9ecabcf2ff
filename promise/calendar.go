package promise

import (
	"slices"
	"time"
)

// A Calendar says on which days a region works: "4 business days" are four of its working days.
//
// A holiday it does not know makes a deadline earlier than the law does, never later: who keeps ours keeps theirs.
type Calendar struct {
	Region string `json:"region"`
	About  string `json:"about"`
	// Incomplete says that the region has holidays that follow the moon or are decreed each year; the company adds them to Dates.
	Incomplete bool      `json:"incomplete,omitempty"`
	Holidays   []Holiday `json:"holidays"`
	Dates      []Day     `json:"dates,omitempty"` // single days, such as a decreed one
	// Weekend are the days nobody works; Saturday and Sunday if there are none.
	Weekend []time.Weekday `json:"weekend,omitempty"`
}

// A Rest names why nobody works on a day; empty on a working day.
type Rest string

// Weekend is the Rest of Saturdays and Sundays, Decreed that of a single date.
const (
	Weekend Rest = "weekend"
	Decreed Rest = "decreed"
)

// Rest says why d is no working day, a weekend before a holiday's name; empty if it is one.
func (c Calendar) Rest(d Day) Rest {
	if slices.Contains(c.weekend(), d.Weekday()) {
		return Weekend
	}
	if slices.Contains(c.Dates, d) {
		return Decreed
	}
	for _, h := range c.Holidays {
		// New Year's Day on a Saturday is kept on the last day of the year before: the years beside this one count too.
		for year := d.Year - 1; year <= d.Year+1; year++ {
			if on, ok := h.in(year); ok && h.observed(on, c.weekend()) == d {
				return Rest(h.Name)
			}
		}
	}
	return ""
}

// Works reports whether d is a working day.
func (c Calendar) Works(d Day) bool { return c.Rest(d) == "" }

// longestRest bounds the search for a working day: a calendar of rests only, typed in by mistake, must not hang anybody.
const longestRest = 366

// Working is the nth working day after d, which does not count itself whether it is one or not. A calendar without any working day within
// a year counts every day, which is the stricter reading.
func (c Calendar) Working(d Day, n int) Day {
	for range n {
		next := d.Add(1)
		for i := 0; i < longestRest && !c.Works(next); i++ {
			next = next.Add(1)
		}
		if !c.Works(next) {
			next = d.Add(1)
		}
		d = next
	}
	return d
}

func (c Calendar) weekend() []time.Weekday {
	if len(c.Weekend) > 0 {
		return c.Weekend
	}
	return []time.Weekday{time.Saturday, time.Sunday}
}
