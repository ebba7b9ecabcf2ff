package playbook

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"candor/component"
	"candor/incident"
	"candor/lang"
	"candor/settings"
	"candor/staff"
)

// hedges are what the sources complain of: the conditional apology, the inconvenience, the jovial tone.
var hedges = map[lang.Tag]*regexp.Regexp{
	lang.English:            regexp.MustCompile(`(?i)inconvenience|may have|might|sorry if|apologi[sz]e for any|!|oops|whoops`),
	lang.German:             regexp.MustCompile(`(?i)unannehmlichkeit|eventuell|falls sie|ggf|etwaige|!|hoppla`),
	lang.Spanish:            regexp.MustCompile(`(?i)molestia|inconvenient|podría haber|!|¡|ups`),
	lang.Indonesian:         regexp.MustCompile(`(?i)ketidaknyamanan|mungkin|!|ups`),
	lang.ChineseTraditional: regexp.MustCompile(`不便|如有|可能|！`),
}

func TestEveryFirstWordSaysWhenWeSpeakAgain(t *testing.T) {
	t.Parallel()
	next := map[lang.Tag]string{lang.English: "next update", lang.German: "nächste Meldung", lang.Spanish: "próximo aviso", lang.Indonesian: "berikutnya", lang.ChineseTraditional: "下一則更新"}
	eachPrepared(t, func(o settings.Occasion, tag lang.Tag, _, body string) {
		if (o.Titled() && o.Kind != incident.Maintenance || o.Purpose == settings.Holding) && !strings.Contains(body, next[tag]) {
			t.Errorf("%s, %s does not say when we speak again", o.Name(), tag)
		}
	})
}

func TestTheCompanysOwnWordsGoFirst(t *testing.T) {
	t.Parallel()
	s := settings.Defaults()
	s.Company = "{components}" // a name is never filled in twice
	s.Templates = map[string]settings.Template{"first.outage.major": {Title: lang.Text{lang.English: "{components} at {company}"}}}
	title, body := FirstWord(s, incident.Outage, incident.ImpactMajor, lang.English, []string{"Shop"})
	if title != "Shop at {components}" || !strings.HasPrefix(body, "Shop: much of it is not working.") {
		t.Errorf("%q %q", title, body)
	}
}

func TestHowSoonTheNextWordIsDue(t *testing.T) {
	t.Parallel()
	s := settings.Defaults()
	for _, c := range []struct {
		name   string
		impact incident.Impact
		phase  incident.Status
		earns  bool
		want   time.Duration
	}{
		{"critical while we look", incident.ImpactCritical, incident.Investigating, false, 15 * time.Minute},
		{"critical once found", incident.ImpactCritical, incident.Identified, false, 15 * time.Minute},
		{"critical while we watch", incident.ImpactCritical, incident.Monitoring, false, 30 * time.Minute},
		{"major", incident.ImpactMajor, incident.Investigating, false, 15 * time.Minute},
		{"major once found", incident.ImpactMajor, incident.Identified, false, 30 * time.Minute},
		{"major while we watch", incident.ImpactMajor, incident.Monitoring, false, time.Hour},
		{"minor", incident.ImpactMinor, incident.Investigating, false, 30 * time.Minute},
		{"minor once found", incident.ImpactMinor, incident.Identified, false, time.Hour},
		{"minor while we watch", incident.ImpactMinor, incident.Monitoring, false, 2 * time.Hour},
		{"customers cannot earn: a quarter of an hour throughout", incident.ImpactMajor, incident.Monitoring, true, 15 * time.Minute},
	} {
		if got, why := Interval(s.Cadence, c.impact, c.phase, c.earns); got != c.want || !lang.For(lang.English).Has(why) {
			t.Errorf("%s: %v (%s), want %v", c.name, got, why, c.want)
		}
	}
	affected := []incident.Affected{{Component: "a", Status: component.PartialOutage}, {Component: "b", Status: component.MajorOutage}}
	for earner, want := range map[string]bool{"a": false, "b": true} {
		if got := Earning(affected, func(a incident.Affected) bool { return string(a.Component) == earner }); got != want {
			t.Errorf("customers earn with %s: %v, want %v", earner, got, want)
		}
	}
}

func TestWhatACarefulColleagueSays(t *testing.T) {
	t.Parallel()
	s := settings.Defaults()
	s.Languages = []lang.Tag{lang.English, lang.German}
	at := time.Date(2012, 9, 10, 13, 36, 0, 0, time.UTC)
	careful := Word{
		Impact: incident.ImpactCritical, Status: incident.Investigating, NextBy: at.Add(15 * time.Minute),
		Body: lang.Text{lang.English: "a", lang.German: "b"}, Author: staff.Person{Name: "Ann", PublicMail: "ann@example.com"}, First: true,
		Fields: incident.DefaultFields(incident.Outage, at.Add(time.Hour)),
	}
	if got := Review(s, careful, at); len(got) != 0 {
		t.Errorf("nothing is wrong, and it says %v", got)
	}
	careless := careful
	careless.NextBy, careless.Author.PublicMail, careless.Body = at.Add(time.Hour), "", lang.Text{lang.English: "It is down.", lang.German: " "}
	careless.Fields = incident.Fields{}
	careless.Fields.Data.Classes = map[incident.DataClass]incident.SafetyState{incident.Passwords: incident.SafetyAffected}
	if got, want := rulesOf(Review(s, careless, at)), []FindingRule{RuleNextLate, RuleNoSteps, RuleUnreachable, RuleNoLanguage, RuleNoCause}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	careless.NextReason = "We drive to the data centre."
	if got := rulesOf(Review(s, careless, at)); slices.Contains(got, RuleNextLate) {
		t.Errorf("a longer wait with a reason: %v", got)
	}
	careless.NextBy = at.Add(-time.Minute)
	if got := rulesOf(Review(s, careless, at)); !slices.Contains(got, RuleNextPast) {
		t.Errorf("a next update that should have come already: %v", got)
	}
}

func rulesOf(findings []Finding) (rules []FindingRule) {
	for _, f := range findings {
		rules = append(rules, f.Rule)
	}
	return rules
}

func TestWhatIsAskedOfAWordDependsOnWhenItIsSaid(t *testing.T) {
	t.Parallel()
	s := settings.Defaults()
	s.Languages = []lang.Tag{lang.English}
	at := time.Date(2012, 9, 10, 13, 36, 0, 0, time.UTC)
	ann := staff.Person{Name: "Ann", PublicMail: "ann@example.com"}
	cause := incident.Fields{Cause: incident.Cause{State: incident.CauseUnknown}}
	for name, c := range map[string]struct {
		word Word
		want []FindingRule
	}{
		"the end asks for an apology and an action": {
			Word{Status: incident.Resolved, Body: lang.Text{lang.English: "It works."}, Fields: cause, Author: ann},
			[]FindingRule{RuleNoApology, RuleNoAction, RuleNoOwnership},
		},
		"a note after the end asks for nothing": {
			Word{Status: incident.Resolved, Over: true, Body: lang.Text{lang.English: "The refunds are paid."}, Fields: cause, Author: ann}, nil,
		},
		"the end of planned work asks for nothing": {
			Word{Incident: incident.Maintenance, Status: incident.Completed, Body: lang.Text{lang.English: "The work is done."}, Fields: cause, Auto: true}, nil,
		},
		"half of the customers are no few": {
			Word{Status: incident.Identified, Impact: incident.ImpactMinor, NextBy: at.Add(time.Minute), Body: lang.Text{lang.English: "Some users see errors."}, Fields: cause, Author: ann, Measured: Measured{Customers: 500, Of: 1000}},
			[]FindingRule{RuleMinimising},
		},
		"one component of a hundred is": {
			Word{Status: incident.Identified, Impact: incident.ImpactMinor, NextBy: at.Add(time.Minute), Body: lang.Text{lang.English: "Some users see errors."}, Fields: cause, Author: ann, Measured: Measured{Broken: 1, Parts: 100}}, nil,
		},
	} {
		if got := rulesOf(Review(s, c.word, at)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
