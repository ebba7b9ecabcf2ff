package report

import (
	"strconv"
	"strings"
	"time"
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

// A Tick is a mark on the axis.
type Tick struct {
	X  int
	At time.Time
}

// steps are the distances between ticks that people count in.
var steps = [...]time.Duration{
	time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour,
	12 * time.Hour, 24 * time.Hour, 2 * 24 * time.Hour, 7 * 24 * time.Hour, 28 * 24 * time.Hour,
}

// Ticks are at most six round times of the wall clock.
func (x Axis) Ticks(zone *time.Location) (ticks []Tick) {
	const most = 6
	all := x.Until.Sub(x.From)
	if all <= 0 {
		return nil
	}
	step := steps[len(steps)-1]
	for _, s := range steps {
		if all/s < most {
			step = s
			break
		}
	}
	_, offset := x.From.In(zone).Zone()
	at := x.From.Add(time.Duration(offset) * time.Second).Truncate(step).Add(-time.Duration(offset) * time.Second)
	for ; !at.After(x.Until) && len(ticks) < 2*most; at = at.Add(step) {
		if !at.Before(x.From) {
			ticks = append(ticks, Tick{x.X(at), at})
		}
	}
	return ticks
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
