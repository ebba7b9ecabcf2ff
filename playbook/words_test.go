package playbook

import (
	"slices"
	"strings"
	"testing"
	"time"

	"candor/incident"
	"candor/lang"
	"candor/settings"
)

func found(t *testing.T, text string, c Context) map[FindingRule]Level {
	t.Helper()
	if c.Language == "" {
		c.Language = lang.English
	}
	_, findings, err := Check(text, c)
	if err != nil {
		t.Fatal(err)
	}
	got := map[FindingRule]Level{}
	for _, f := range findings {
		got[f.Rule] = f.Level
		if f.Excerpt != text[f.Start:f.End] || f.Source == "" {
			t.Errorf("%+v", f)
		}
	}
	return got
}

func TestWhatTheWordsOfAMessageAreToldDependsOnWhatItIsFor(t *testing.T) {
	t.Parallel()
	data := func(s incident.SafetyState) *incident.Fields {
		return &incident.Fields{Data: incident.Safety{State: s}}
	}
	rca := HouseOf(settings.Words{Glossary: map[lang.Tag][]settings.Term{lang.English: {{Jargon: "RCA", Plain: "report"}, {Jargon: "failover", Plain: "change to the second system"}}}})
	soon := time.Date(2012, 9, 10, 13, 51, 0, 0, time.UTC)
	for _, c := range []struct {
		name, text string
		context    Context
		rule       FindingRule
		level      Level // empty: it is not found
	}{
		{"data is said to be safe before anybody knows", "No data was lost.", Context{Kind: Notice, Fields: data(incident.SafetyUnknown)}, RuleDataSafe, Ask},
		{"data is said to be safe while it is not", "Your files are safe.", Context{Kind: Notice, Fields: data(incident.SafetyAffected)}, RuleDataSafe, Ask},
		{"data is safe, in words and in the field", "No data was lost.", Context{Kind: Notice, Fields: data(incident.SafetyUnaffected)}, RuleDataSafe, ""},
		{"no field says anything", "No data was lost.", Context{Kind: Notice, Fields: data("")}, RuleDataSafe, ""},
		{"data was harmed, and the field says no", "Passwords were exposed.", Context{Kind: Notice, Fields: data(incident.SafetyUnaffected)}, RuleDataHarmed, Ask},
		{"data was harmed, and nobody says what to do", "Passwords were exposed.", Context{Kind: Notice}, RuleHarmNoSteps, Warn},
		{"data was harmed, with a step", "Passwords were exposed. Please change yours.", Context{Kind: Notice}, RuleHarmNoSteps, ""},
		{"a joke while little is wrong", "Whoops, the search was slow.", Context{Kind: Update, Impact: incident.ImpactMinor}, RuleFlippant, Hint},
		{"a joke about money", "Whoops, we billed you twice.", Context{Kind: Update, Impact: incident.ImpactMinor, Incident: incident.Billing}, RuleFlippant, Warn},
		{"a joke in a large outage", "Whoops, all is down.", Context{Kind: Update, Impact: incident.ImpactCritical}, RuleFlippant, Warn},
		{"small words for a small thing", "Some users see errors.", Context{Kind: Update, Impact: incident.ImpactMinor}, RuleMinimising, ""},
		{"small words for what was measured to be large", "Some users see errors.", Context{Kind: Update, Impact: incident.ImpactMinor, Affected: 0.6}, RuleMinimising, Warn},
		{"the next word is in its field", "We are looking into it.", Context{Kind: Notice, NextBy: soon}, RuleNoNext, ""},
		{"no next word anywhere", "We are looking into it.", Context{Kind: Notice}, RuleNoNext, Warn},
		{"what is over needs no next word", "It works again.", Context{Kind: Resolved}, RuleNoNext, ""},
		{"a first notice need not know who did it", "We do not know the cause yet.", Context{Kind: Notice}, RuleNoOwnership, ""},
		{"a first notice owes no action", "We do not know the cause yet.", Context{Kind: Notice}, RuleNoAction, ""},
		{"a report owes an action", "The cause was a full disk.", Context{Kind: Report}, RuleNoAction, Warn},
		{"the third apology with nothing behind it", "We are sorry.", Context{Kind: Resolved, Apologies: 2}, RuleThirdApology, Warn},
		{"the second apology", "We are sorry.", Context{Kind: Resolved, Apologies: 1}, RuleThirdApology, ""},
		{"the third apology with an action", "We are sorry. We are adding alerts on disk space.", Context{Kind: Resolved, Apologies: 2}, RuleThirdApology, ""},
		{"a word of the house's glossary", "The RCA follows.", Context{Kind: Update, House: rca}, RuleJargon, Hint},
		{"letters within a word are no jargon", "ORCA is up.", Context{Kind: Update, House: rca}, RuleJargon, ""},
		{"jargon in small letters, found in any", "Failover is done.", Context{Kind: Update, House: rca}, RuleJargon, Hint},
		{"another language's word", "The RCA follows.", Context{Kind: Update, House: HouseOf(settings.Words{Glossary: map[lang.Tag][]settings.Term{lang.German: {{Jargon: "RCA", Plain: "Bericht"}}}})}, RuleJargon, ""},
		{"a credit of nobody knows how much", "Every customer gets a credit automatically within a week.", Context{Kind: Resolved}, RuleOfferAmount, Warn},
		{"a credit by nobody knows when", "Every customer gets a credit of $20 automatically.", Context{Kind: Resolved}, RuleOfferDeadline, Warn},
		{"a credit nobody knows how to get", "Every customer gets a credit of $20 by Friday.", Context{Kind: Resolved}, RuleOfferHow, Warn},
		{"a credit in the making", "We will offer a credit.", Context{Kind: Update}, RuleOfferAmount, Hint},
		{"a credit with everything, in two sentences", "Every customer gets a credit of $20. It is on your next invoice, and you do not have to ask.", Context{Kind: Resolved}, RuleOfferHow, ""},
		{"a time that has nothing to do with the credit", "You get a credit of $20 automatically. It broke. We saw it. We looked. It was repaired by 15:00.", Context{Kind: Resolved}, RuleOfferDeadline, Warn},
		{"no offer, and none is asked for", "It works again.", Context{Kind: Resolved}, RuleOfferAmount, ""},
		{"nothing is missing from planned work", "We renew the storage.", Context{Kind: Notice, Undemanding: true}, RuleNoNext, ""},
		{"a sentence without an end", strings.Repeat("and then ", 30), Context{Kind: Update}, RuleLong, Hint},
	} {
		if got := found(t, c.text, c.context)[c.rule]; got != c.level {
			t.Errorf("%s: %s is %q, want %q", c.name, c.rule, got, c.level)
		}
	}
}

func TestNothingIsSaidOfAnEmptyText(t *testing.T) {
	t.Parallel()
	if got := found(t, " \n", Context{Kind: Resolved, Impact: incident.ImpactCritical}); len(got) != 0 {
		t.Errorf("%v", got)
	}
	if _, _, err := Check("a", Context{Language: "tlh"}); err == nil {
		t.Error("Klingon is read")
	}
}

func TestEveryFindingIsSaidInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, tag := range lang.All() {
		for _, rule := range FindingRules() {
			f := Finding{Rule: rule, Args: []string{"name", "Ann", "language", "Deutsch"}}
			for _, said := range []string{f.Why(lang.For(tag)), f.Instead(lang.For(tag))} {
				if strings.Contains(said, "⟦") || tag != lang.English && said == f.Why(lang.For(lang.English)) {
					t.Errorf("%s: %s: %q", tag, rule, said)
				}
			}
		}
	}
	if !slices.Contains(RuleLanguages(), "zh") || AuthorWords(ChineseSimplified).Tag() != lang.ChineseTraditional {
		t.Error("who writes Chinese is not answered in Chinese")
	}
}
