package console

import (
	"slices"
	"time"

	"candor/problem"
)

// offsetOf is the field beside a time that says which of two it is: once a year the clocks go back, and an hour runs twice.
func offsetOf(name string) string { return name + ".offset" }

const offsetLayout = "-07:00"

// moment asks for a time in a zone. In an hour that runs twice it asks which one, and only then.
func (s shell) moment(name, legend, hint string, t time.Time, zone *time.Location) input {
	in := s.input(name, "datetime-local", legend, hint, local(t, zone))
	wall, ok := wallClock(in.Value)
	if !ok {
		return in
	}
	all := instants(wall, zone)
	if len(all) < 2 {
		return in
	}
	chosen := s.typed.Get(offsetOf(name))
	if chosen == "" && in.Value == local(t, zone) {
		chosen = t.In(zone).Format(offsetLayout)
	}
	in.Which.Name = offsetOf(name)
	in.Which.Options = []option{{Word: "Which of the two?"}}
	for n, at := range all {
		offset := at.In(zone).Format(offsetLayout)
		word := []string{"The first", "The second"}[min(n, 1)] + ", UTC" + offset
		in.Which.Options = append(in.Which.Options, option{Value: offset, Word: word, Chosen: offset == chosen})
	}
	return in
}

// at is a time typed in the form's zone; empty is the zero time. A time that comes twice that night has to say which it is, and one that the
// clocks skip is refused: either would be a promise that somebody else reads an hour off.
func (f *form) at(name string) time.Time {
	typed := f.text(name)
	if typed == "" {
		return time.Time{}
	}
	if day, err := time.ParseInLocation(time.DateOnly, typed, f.zone); err == nil {
		return day.UTC()
	}
	wall, ok := wallClock(typed)
	if !ok {
		f.faults.Add(problem.Field(name, "problem.time", "typed", typed))
		return time.Time{}
	}
	all := instants(wall, f.zone)
	if len(all) == 1 {
		return all[0]
	}
	for _, t := range all {
		if t.In(f.zone).Format(offsetLayout) == f.text(offsetOf(name)) {
			return t
		}
	}
	key := "problem.time.twice"
	if len(all) == 0 {
		key = "problem.time.skipped"
	}
	f.faults.Add(problem.Field(name, key, "typed", wall.Format("2006-01-02 15:04")))
	return time.Time{}
}

// atOr is at for a time the form was filled with: one that nobody touched stays what it is, with the seconds its field cannot show. Else
// the saving of another field would move an outage's beginning, and make a report's deadline a new promise.
func (f *form) atOr(name string, was time.Time) time.Time {
	offset := f.text(offsetOf(name))
	if f.text(name) == local(was, f.zone) && (offset == "" || offset == was.In(f.zone).Format(offsetLayout)) {
		return was
	}
	return f.at(name)
}

const localLayout = "2006-01-02T15:04"

// local is t as a datetime-local input wants it.
func local(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(localLayout)
}

// wallClock is what was typed, as if it were UTC: hands on a clock, not yet a time.
func wallClock(typed string) (wall time.Time, ok bool) {
	for _, layout := range []string{localLayout, "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, typed); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// instants are the times at which a clock in the zone shows wall: one, none where the clocks go forward over it, two where they go back.
func instants(wall time.Time, zone *time.Location) (all []time.Time) {
	for _, near := range []time.Duration{-24 * time.Hour, 24 * time.Hour} {
		_, offset := wall.Add(near).In(zone).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second)
		if t.In(zone).Format(time.DateTime) == wall.Format(time.DateTime) && !slices.ContainsFunc(all, t.Equal) {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}
