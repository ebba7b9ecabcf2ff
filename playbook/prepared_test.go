package playbook

import (
	"strings"
	"testing"
	"time"

	"candor/incident"
	"candor/lang"
	"candor/markup"
	"candor/settings"
)

// eachPrepared calls with every text we ship, filled in, early and late in an incident, about one component, two and none.
func eachPrepared(t *testing.T, look func(o settings.Occasion, tag lang.Tag, title, body string)) {
	t.Helper()
	s := settings.Defaults()
	s.Company = "Harbour"
	at := time.Date(2012, 9, 10, 13, 51, 0, 0, time.UTC)
	for _, p := range settings.Purposes {
		for _, o := range settings.Occasions(p) {
			for _, tag := range lang.All() {
				for _, names := range [][]string{nil, {"Shop"}, {"Shop", "Mail"}} {
					for _, since := range []time.Time{{}, at.Add(-94 * time.Minute)} {
						title, body := Prepared(s, p, Scene{Kind: o.Kind, Impact: o.Impact, Names: names, Since: since, Now: at}, tag)
						look(o, tag, title, body)
					}
				}
			}
		}
	}
}

func TestEveryTemplateIsReadyInEveryLanguage(t *testing.T) {
	t.Parallel()
	seen := 0
	eachPrepared(t, func(o settings.Occasion, tag lang.Tag, title, body string) {
		seen++
		if strings.ContainsAny(title+body, "{}⟦") || (title == "") == o.Titled() || body == "" || strings.Contains(body, "  ") {
			t.Errorf("%s, %s: %q %q", o.Name(), tag, title, body)
		}
		if hit := hedges[tag].FindString(title + body); hit != "" {
			t.Errorf("%s, %s says %q", o.Name(), tag, hit)
		}
		if err := markup.Check(body); err != nil || len([]rune(title)) > 255 {
			t.Errorf("%s, %s cannot be published: %v", o.Name(), tag, err)
		}
	})
	if want := 4 * 7 * len(lang.All()) * 6; seen != want {
		t.Errorf("%d texts looked at, want %d", seen, want)
	}
}

// What we ship is held to what we ask of everybody, hints included.
func TestEveryTemplatePassesTheChecks(t *testing.T) {
	t.Parallel()
	at := time.Date(2012, 9, 10, 13, 51, 0, 0, time.UTC)
	told := map[string]bool{}
	eachPrepared(t, func(o settings.Occasion, tag lang.Tag, title, body string) {
		reading, findings, err := Check(strings.TrimSpace(title+"\n\n"+body), PreparedFor(o, tag, at))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range findings {
			if o.Kind == incident.Maintenance && (f.Rule == RuleNoApology || f.Rule == RuleNoAction || f.Rule == RuleNoOwnership || f.Rule == RuleNoCause) {
				continue // nothing went wrong: there is nothing to be sorry for and nothing to put right
			}
			if line := o.Name() + " " + string(tag) + " " + string(f.Rule) + " " + f.Excerpt; !told[line] {
				told[line] = true
				t.Errorf("%s, %s: %s in %q\n%s", o.Name(), tag, f.Rule, f.Excerpt, body)
			}
		}
		if o.Purpose == settings.Apologies && (!reading.Has(Apologises) || reading.Has(ConditionalSry)) {
			t.Errorf("%s, %s is no apology", o.Name(), tag)
		}
	})
}

func TestTheNightFillsInTheWords(t *testing.T) {
	t.Parallel()
	s := settings.Defaults()
	s.Company = "Harbour"
	at := time.Date(2012, 9, 10, 15, 25, 0, 0, time.UTC)
	x := Scene{Kind: incident.Outage, Impact: incident.ImpactCritical, Names: []string{"Shop"}, Since: at.Add(-94 * time.Minute), Now: at}
	_, holding := Prepared(s, settings.Holding, x, lang.English)
	_, resolved := Prepared(s, settings.Resolutions, x, lang.German)
	x.Names, x.Since = []string{"Shop", "Mail"}, time.Time{}
	_, both := Prepared(s, settings.Resolutions, x, lang.English)
	for _, c := range []struct{ got, want string }{
		{holding, "have not been able to since 13:51 UTC. I am sorry."},
		{resolved, "Shop funktioniert wieder, nach 1 h 34 min."},
		{both, "Shop and Mail work again. In that time"},
	} {
		if !strings.Contains(c.got, c.want) {
			t.Errorf("%q, want %q in it", c.got, c.want)
		}
	}
}

// A text that was kept under other rules is no reason to have no words at night.
func TestOursStandInForWordsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	s := settings.Defaults()
	o := settings.OccasionOf(settings.FirstWords, incident.Outage, incident.ImpactMajor)
	s = s.With(o, settings.Template{Title: lang.Text{lang.English: "{shop}"}, Body: lang.Text{lang.English: strings.Repeat("{components}", 5000)}})
	title, body := FirstWord(s, incident.Outage, incident.ImpactMajor, lang.English, []string{strings.Repeat("x", 90)})
	if !strings.HasSuffix(title, ": major outage") || !strings.Contains(body, "much of it is not working") {
		t.Errorf("%q %q", title, body)
	}
}
