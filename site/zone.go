package site

import (
	"regexp"
	"slices"
	"time"
	_ "time/tzdata" // a visitor's zone must be known on a machine that has none installed

	"candor/problem"
)

// offeredZones are what a reader without a script is offered; ?zone= takes every IANA name.
var offeredZones = [...]string{
	"UTC", "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", "America/Sao_Paulo", "Europe/London",
	"Europe/Berlin", "Europe/Madrid", "Africa/Johannesburg", "Asia/Dubai", "Asia/Kolkata", "Asia/Jakarta", "Asia/Singapore", "Asia/Taipei",
	"Asia/Tokyo", "Australia/Sydney",
}

func (r reader) zones(w *world) []zoneChoice {
	names := offeredZones[:]
	if company := w.settings.Zoned().String(); !slices.Contains(names, company) {
		names = append([]string{company}, names...)
	}
	if chosen := r.loc.String(); !slices.Contains(names, chosen) {
		names = append([]string{chosen}, names...)
	}
	all := make([]zoneChoice, 0, len(names))
	for _, name := range names {
		loc, err := time.LoadLocation(name)
		if err != nil {
			continue
		}
		word := name
		if zone := r.Zone(r.now, loc); zone != name {
			word = r.T("site.zone.name", "name", name, "zone", zone)
		}
		all = append(all, zoneChoice{Name: name, Word: word, Current: name == r.loc.String()})
	}
	return all
}

var zoneName = regexp.MustCompile(`^[A-Z][A-Za-z0-9_+-]{0,31}(/[A-Z][A-Za-z0-9_+-]{0,31}){0,2}$`)

// parseZone takes an IANA name and nothing that could be a path or the server's own zone.
func parseZone(name string) (*time.Location, error) {
	if !zoneName.MatchString(name) || name == "Local" {
		return nil, problem.Field("zone", "problem.zone")
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, problem.Field("zone", "problem.zone")
	}
	return loc, nil
}
