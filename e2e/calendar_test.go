package e2e

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// calendar is RFC 5545: lines (3.1), the properties that section 3.6 requires, the kinds of values they have.
func (f *faults) calendar(body []byte) {
	text := string(body)
	f.check(utf8.ValidString(text), "not UTF-8")
	f.check(strings.HasSuffix(text, "\r\n"), "the last line has no CRLF")
	f.check(!strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") && !strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\r"), "a line ends in something other than CRLF")
	for i, line := range strings.Split(text, "\r\n") {
		f.check(len(line) <= 75, "line %d has %d octets", i+1, len(line))
		f.check(utf8.ValidString(line), "line %d is folded inside a character", i+1)
	}
	var open []part
	uids := map[string]bool{}
	whole := 0
	for _, line := range strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n ", ""), "\r\n"), "\r\n") {
		m := contentLine.FindStringSubmatch(line)
		if m == nil {
			f.check(false, "no content line: %q", line)
			continue
		}
		name, value := strings.ToUpper(m[1]), m[3]
		switch name {
		case "BEGIN":
			open = append(open, part{name: value, has: map[string][]string{}})
		case "END":
			if len(open) == 0 || open[len(open)-1].name != value {
				f.check(false, "END:%s closes nothing", value)
				return
			}
			closed := open[len(open)-1]
			open = open[:len(open)-1]
			if closed.name == "VCALENDAR" {
				whole++
			}
			f.closes(closed, len(open), uids)
		default:
			if len(open) == 0 {
				f.check(false, "%s outside of a calendar", name)
				continue
			}
			p := open[len(open)-1]
			p.has[name] = append(p.has[name], value)
			f.value(name, m[2], value)
		}
	}
	f.check(len(open) == 0 && whole == 1, "%d calendars, %d left open", whole, len(open))
}

type part struct {
	name string
	has  map[string][]string
}

var (
	contentLine = regexp.MustCompile(`^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)$`)
	utcTime     = regexp.MustCompile(`^\d{8}T\d{6}Z$`)
	localTime   = regexp.MustCompile(`^\d{8}T\d{6}$`)
	wholeDay    = regexp.MustCompile(`^\d{8}$`)
	loose       = regexp.MustCompile(`(^|[^\\])(\\\\)*[;,]|\\[^\\;,nN]`)
)

// value checks the spelling of one property.
func (f *faults) value(name, params, value string) {
	switch name {
	case "DTSTAMP", "CREATED", "LAST-MODIFIED":
		f.check(utcTime.MatchString(value), "%s is not in UTC: %q", name, value)
	case "DTSTART", "DTEND":
		switch {
		case strings.Contains(params, "VALUE=DATE") && !strings.Contains(params, "DATE-TIME"):
			f.check(wholeDay.MatchString(value), "%s%s: %q", name, params, value)
		case strings.Contains(params, "TZID="):
			f.check(localTime.MatchString(value), "%s%s: %q", name, params, value)
		default:
			f.check(utcTime.MatchString(value), "%s floats in no zone: %q", name, value)
		}
	case "SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "X-WR-CALNAME":
		f.check(!loose.MatchString(value), "%s is not escaped: %q", name, value)
	case "URL":
		f.absolute("URL", value)
	case "STATUS":
		f.check(slices.Contains([]string{"TENTATIVE", "CONFIRMED", "CANCELLED"}, value), "STATUS %q", value)
	}
}

func (f *faults) closes(p part, depth int, uids map[string]bool) {
	once := func(names ...string) {
		for _, n := range names {
			f.check(len(p.has[n]) == 1, "%s: %d × %s", p.name, len(p.has[n]), n)
		}
	}
	switch p.name {
	case "VCALENDAR":
		once("VERSION", "PRODID")
		f.check(slices.Equal(p.has["VERSION"], []string{"2.0"}), "VERSION %q", p.has["VERSION"])
		f.check(depth == 0, "a calendar inside of something")
	case "VEVENT":
		once("UID", "DTSTAMP", "DTSTART")
		f.check(len(p.has["DTEND"])+len(p.has["DURATION"]) <= 1, "VEVENT: DTEND and DURATION")
		for _, uid := range p.has["UID"] {
			f.check(!uids[uid], "UID %s a second time", uid)
			uids[uid] = true
		}
		if len(p.has["DTEND"]) == 1 && len(p.has["DTSTART"]) == 1 {
			f.check(p.has["DTEND"][0] > p.has["DTSTART"][0], "VEVENT ends at %s, before %s", p.has["DTEND"][0], p.has["DTSTART"][0])
		}
	}
}
