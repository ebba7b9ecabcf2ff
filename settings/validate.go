package settings

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"candor/audience"
	"candor/incident"
	"candor/problem"
)

const (
	longestName  = 100
	longestLine  = 500
	longestTitle = 200
	longestBody  = 20_000
	mostReminds  = 8
	mostPoolSize = 64
)

// Validate says everything that is wrong, at once. What it lets through is safe to put into a header, a feed and a page as it stands: no
// value holds a control character where a line is expected, and nothing is ever expanded (V3, V4).
func (s Settings) Validate() error {
	var wrong problem.List
	wrong.Add(Line("company", s.Company, longestName))
	if s.Published && strings.TrimSpace(s.Company) == "" {
		wrong.Add(problem.Field("company", "problem.company.missing"))
	}
	wrong.Add(s.checkLanguages())
	wrong.Add(s.checkZone())
	wrong.Add(checkSite(s.Site))
	wrong.Add(Line("support", s.Support, longestLine))
	wrong.Add(Line("on_call", s.OnCall, longestName))
	wrong.Add(s.checkRemind())
	wrong.Add(s.PublicCoverage.check())
	wrong.Add(s.CallRequests.check())
	wrong = append(wrong, s.Cadence.check()...)
	wrong = append(wrong, s.checkTemplates()...)
	wrong = append(wrong, s.Words.check()...)
	wrong = append(wrong, s.Approval.check()...)
	wrong = append(wrong, s.Mail.check()...)
	wrong = append(wrong, s.SMS.check()...)
	wrong = append(wrong, s.Ladders.check()...)
	wrong = append(wrong, s.Budget.check()...)
	wrong = append(wrong, s.Chat.check()...)
	wrong = append(wrong, s.Rates.check()...)
	wrong = append(wrong, s.Promises.check()...)
	wrong = append(wrong, s.Reports.check()...)
	wrong = append(wrong, s.Scorecard.check()...)
	wrong = append(wrong, s.Credits.check()...)
	wrong = append(wrong, s.Comments.check()...)
	return wrong.Err()
}

// Line refuses what is no single line of text. The order of a text's characters is not for the text to change either (bidirectional
// controls make "exe.gpj" of "jpg.exe").
func Line(field, value string, longest int) *problem.Problem {
	if !utf8.ValidString(value) || strings.ContainsFunc(value, unbecoming) {
		return problem.Field(field, "problem.text.characters")
	}
	return short(field, value, longest)
}

// Lines is Line for text that may have several.
func Lines(field, value string, longest int) *problem.Problem {
	isBad := func(r rune) bool { return r != '\n' && r != '\r' && r != '\t' && unbecoming(r) }
	if !utf8.ValidString(value) || strings.ContainsFunc(value, isBad) {
		return problem.Field(field, "problem.text.characters")
	}
	return short(field, value, longest)
}

func unbecoming(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

func short(field, value string, longest int) *problem.Problem {
	if utf8.RuneCountInString(value) > longest {
		return problem.Field(field, "problem.text.characters.many", "most", longest)
	}
	return nil
}

func (s Settings) checkLanguages() *problem.Problem {
	if len(s.Languages) == 0 {
		return problem.Field("languages", "problem.languages.missing")
	}
	for i, tag := range s.Languages {
		if !tag.Known() || slices.Contains(s.Languages[:i], tag) {
			return problem.Field("languages", "problem.languages.unknown")
		}
	}
	return nil
}

func (s Settings) checkZone() *problem.Problem {
	// "Local" would be the zone of whichever machine renders the page.
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "" || s.Zone == "Local" {
		return problem.Field("zone", "problem.zone")
	}
	return nil
}

func checkSite(site string) *problem.Problem {
	if site == "" {
		return nil
	}
	if wrong := Line("site", site, longestLine); wrong != nil {
		return wrong
	}
	u, err := url.Parse(site)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
		return problem.Field("site", "problem.site")
	}
	return nil
}

func (s Settings) checkRemind() *problem.Problem {
	ok := len(s.Remind) <= mostReminds
	for i, d := range s.Remind {
		ok = ok && d >= time.Minute && d <= 30*24*time.Hour && !slices.Contains(s.Remind[:i], d)
	}
	if !ok {
		return problem.Field("remind", "problem.remind", "most", mostReminds)
	}
	return nil
}

// check wants all four impacts: an incident without a cadence would promise nothing.
func (c Cadence) check() (wrong problem.List) {
	for _, impact := range incident.Impacts {
		phases := c[impact]
		for _, phase := range []struct {
			name     string
			interval time.Duration
		}{{"investigating", phases.Investigating}, {"identified", phases.Identified}, {"monitoring", phases.Monitoring}} {
			if phase.interval < time.Minute || phase.interval > 24*time.Hour {
				wrong.Add(problem.Field("cadence."+string(impact)+"."+phase.name, "problem.cadence"))
			}
		}
	}
	for impact := range c {
		if !impact.Valid() {
			wrong.Add(problem.Field("cadence", "problem.cadence.impact"))
		}
	}
	return wrong
}

func checkAddress(field, address string) *problem.Problem {
	if address == "" {
		return nil
	}
	parsed, refused := audience.ParseAddress(address)
	if refused != nil {
		refused.Field = field
		return refused
	}
	if string(parsed) != address { // it would be stored with the space around it
		return problem.Field(field, "problem.address", "typed", address)
	}
	return nil
}
