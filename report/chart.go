package report

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"candor/component"
	"candor/id"
)

// A picture is drawn in whole numbers on a field of this size, so that html/template writes it without arithmetic on fractions.
const (
	Wide = 1000
	High = 200
)

// An Axis is the time a picture shows.
type Axis struct{ From, Until time.Time }

// AxisOf is from the first to the last thing that happened, with what the course of the customers shows inside.
func (a Account) AxisOf() Axis {
	x := Axis{a.Impact.From, a.Impact.Until}
	for _, r := range a.Shown() {
		if x.From.IsZero() || r.At.Before(x.From) {
			x.From = r.At
		}
		if r.At.After(x.Until) {
			x.Until = r.At
		}
	}
	return x
}

// X is where an instant lies, from 0 to Wide.
func (x Axis) X(t time.Time) int {
	all := x.Until.Sub(x.From)
	if all <= 0 {
		return 0
	}
	at := t.Sub(x.From)
	return int(min(max(at, 0), all) * Wide / all)
}

// Marks are the instants under an axis, from its beginning to its end, evenly.
func (x Axis) Marks() []time.Time {
	const most = 3
	if !x.Until.After(x.From) {
		return nil
	}
	marks := make([]time.Time, most)
	for n := range marks {
		marks[n] = x.From.Add(x.Until.Sub(x.From) * time.Duration(n) / (most - 1))
	}
	return marks
}

// A Span is how bad it was for a while: the worst of all components.
type Span struct {
	From, Until time.Time
	Is          component.Status
}

// Spans are how bad it was from the beginning to the end, by what the components turned to. What is hidden from the list counts here.
func (a Account) Spans(x Axis) (spans []Span) {
	is := map[id.Component]component.Status{}
	for n, row := range a.Happened {
		if row.Fact != Turned {
			continue
		}
		is[row.Component] = row.Is
		next := x.Until
		for _, later := range a.Happened[n+1:] {
			if later.Fact == Turned {
				next = later.At
				break
			}
		}
		worst := component.WorstOf(slices.Collect(maps.Values(is))...)
		if last := len(spans) - 1; last >= 0 && spans[last].Is == worst && spans[last].Until.Equal(row.At) {
			spans[last].Until = next
			continue
		}
		if next.After(row.At) {
			spans = append(spans, Span{row.At, next, worst})
		}
	}
	return slices.DeleteFunc(spans, func(s Span) bool { return s.Is == component.Operational })
}

// Steps is the outline of a course, as the path of an SVG: flat from each point to the next, the most customers at the top.
func (x Axis) Steps(course []Point) string {
	var most int64
	for _, p := range course {
		most = max(most, p.Customers)
	}
	if most == 0 {
		return ""
	}
	var path strings.Builder
	path.WriteString("M" + strconv.Itoa(x.X(course[0].At)) + " " + strconv.Itoa(High))
	for _, p := range course {
		path.WriteString("H" + strconv.Itoa(x.X(p.At)) + "V" + strconv.FormatInt(High-p.Customers*High/most, 10))
	}
	path.WriteString("V" + strconv.Itoa(High) + "Z")
	return path.String()
}
