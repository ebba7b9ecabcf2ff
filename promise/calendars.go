package promise

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

//go:embed calendars.json
var houseCalendars []byte

// Calendars are the regions the house knows. A company adds its own, and the dates of those that are Incomplete.
func Calendars() ([]Calendar, error) { return ReadCalendars(houseCalendars) }

// ReadCalendars reads regions in the form of calendars.json and refuses what it does not understand: a holiday that is silently
// dropped would move deadlines.
func ReadCalendars(text []byte) (all []Calendar, err error) {
	if err := strictly(text, &all); err != nil {
		return nil, fmt.Errorf("read calendars: %w", err)
	}
	for i, c := range all {
		if c.Region == "" || slices.ContainsFunc(all[:i], func(o Calendar) bool { return o.Region == c.Region }) {
			return nil, fmt.Errorf("read calendars: region %q is empty or there twice", c.Region)
		}
		for _, h := range c.Holidays {
			if !h.sane() {
				return nil, fmt.Errorf("read calendars: region %q: %q is no day of any year", c.Region, h.Name)
			}
		}
	}
	return all, nil
}

// sane reports whether the rule can name a day: 29 February can, 31 June cannot.
func (h Holiday) sane() bool {
	ways := 0
	for _, given := range []bool{h.Easter != nil, h.Nth != 0, h.Date != 0} {
		if given {
			ways++
		}
	}
	if h.Name == "" || ways != 1 || h.Moves != "" && h.Moves != Nearest {
		return false
	}
	if h.Easter != nil {
		return *h.Easter > -100 && *h.Easter < 200
	}
	if h.Month < 1 || h.Month > 12 || h.Weekday < 0 || h.Weekday > 6 || h.Nth < -1 || h.Nth > 4 {
		return false
	}
	return h.Date == 0 || h.Date > 0 && (Day{2024, h.Month, h.Date}).Add(0) == Day{2024, h.Month, h.Date}
}

// strictly reads one JSON value, without fields nobody knows and with nothing after it.
func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("something stands after the end")
	}
	return nil
}
