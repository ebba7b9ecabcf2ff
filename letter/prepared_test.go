package letter

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"candor/component"
	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/settings"
)

// preparedNews is an incident of the template's kind whose update is the template, in one language, as a company in a hurry would post it.
func preparedNews(o settings.Occasion, language lang.Tag) News {
	company := settings.Defaults()
	company.Company, company.Zone = "Harbour", "America/New_York"
	n := News{
		Incident: incident.Incident{
			ID: "inc_1", Code: "x1y2z3a4b5c6", Kind: o.Kind, Visibility: incident.Public, Impact: o.Impact, StartedAt: at("17:00:00"),
			Affected: []incident.Affected{{Component: "cmp_web", Status: component.MajorOutage}, {Component: "cmp_mail", Status: component.PartialOutage}},
		},
		Author: dana,
		Components: []component.Component{
			{ID: "cmp_web", Name: lang.Text{"en": "Websites", "zh-Hant": "網站"}}, {ID: "cmp_mail", Name: lang.Text{"en": "Mail", "de": "Mail", "es": "Correo", "id": "Surel", "zh-Hant": "信箱"}},
		},
	}
	var names []string
	for _, c := range n.Components {
		name, _ := c.Name.In(language, lang.English)
		names = append(names, name)
	}
	scene := playbook.Scene{Kind: o.Kind, Impact: o.Impact, Names: names, Since: at("17:00:00"), Now: at("19:06:00")}
	title, _ := playbook.Prepared(company, settings.FirstWords, scene, language)
	_, body := playbook.Prepared(company, o.Purpose, scene, language)
	n.Incident.Title = lang.Text{language: title}
	statuses := o.Kind.Statuses()
	n.Update = incident.Update{
		ID: "upd_9", Code: "u9u9u9u9u9u9", Number: 2, Author: "per_dana", At: at("19:06:00"), NextBy: at("19:21:00"), Holding: o.Purpose == settings.Holding,
		Body: lang.Text{language: body}, Status: statuses[0], Fields: incident.DefaultFields(o.Kind, at("23:00:00")),
	}
	switch {
	case o.Purpose == settings.FirstWords:
		n.Update.Number = 1
	case o.Purpose == settings.Holding:
		n.Update.Status = statuses[1]
	default:
		n.Update.Status, n.Update.NextBy = statuses[3], time.Time{}
	}
	n.Incident.Status = n.Update.Status
	return n
}

// Every template in every language on every channel that carries words: what customers get on the night, read here in daylight.
func TestEveryTemplateReadsWellOnEveryChannel(t *testing.T) {
	t.Parallel()
	for _, language := range lang.All() {
		d := desk(t, language)
		files := map[string]*strings.Builder{"txt": {}, "html": {}, "sms": {}, "brief": {}, "call": {}}
		for _, p := range settings.Purposes {
			for _, o := range settings.Occasions(p) {
				n := preparedNews(o, language)
				l := d.Update(n)
				b := l.Brief
				for ext, words := range map[string]string{
					"txt": "Subject: " + l.Subject + "\n\n" + l.Text, "sms": l.SMS, "html": mailPart(t, l, n.Update.Body[language]),
					"brief": b.Title + "\n" + b.Body, "call": d.Script(n, "Kim Berg", "042 117", at("19:30:00")).Latest,
				} {
					fmt.Fprintf(files[ext], "=== %s\n%s\n\n", o.Name(), words)
					if strings.ContainsAny(words, "{}⟦") {
						t.Errorf("%s in %s, %s: something is not filled in:\n%s", o.Name(), language, ext, words)
					}
				}
				if parts := len(InSegments(l.SMS).Parts); parts > 3 {
					t.Errorf("%s in %s costs %d text messages", o.Name(), language, parts)
				}
			}
		}
		for ext, all := range files {
			golden(t, filepath.Join("testdata", "prepared."+language.Path()+"."+ext), all.String())
		}
	}
}

// mailPart is what of the HTML is the template; the frame around it has goldens of its own.
func mailPart(t *testing.T, l Letter, body string) string {
	t.Helper()
	part := string(mailHTML(body))
	if !strings.Contains(l.HTML, part) {
		t.Errorf("the letter does not hold its words as HTML: %s", part)
	}
	return part
}

// A reader gets their language whole, or another whole with a note above it: never half of each.
func TestAReaderNeverGetsHalfOfTwoLanguages(t *testing.T) {
	t.Parallel()
	english, german := "English words only, of this one update.", "Nur deutsche Worte, zu dieser einen Meldung."
	for _, c := range []struct {
		name   string
		reader lang.Tag
		body   lang.Text
		want   string
		noted  bool
	}{
		{"their own", "de", lang.Text{"en": english, "de": german}, german, false},
		{"the company's, with a note", "es", lang.Text{"en": english, "de": german}, english, true},
		{"the only one there is, with a note", "id", lang.Text{"de": german}, german, true},
		{"a blank translation is none", "zh-Hant", lang.Text{"en": english, "zh-Hant": " \n"}, english, true},
	} {
		n := outage()
		n.Incident.Title = lang.Text{"en": "E", "de": "D", "es": "S", "id": "I", "zh-Hant": "Z"}
		n.Update.Body, n.Update.Fields.WorkingOn = c.body, nil
		l := desk(t, c.reader).Update(n)
		other := map[string]string{english: german, german: english}[c.want]
		text := strings.Join(strings.Fields(l.Text), " ")
		if !strings.Contains(text, c.want) || strings.Contains(text, other) || !strings.Contains(l.Brief.Body, c.want) || strings.Contains(l.Brief.Body, other) {
			t.Errorf("%s: %s", c.name, l.Text)
		}
		_, used := c.body.In(c.reader, "en")
		note := lang.For(c.reader).T("mail.fallback", "language", c.reader.Name(), "other", used.Name())
		for where, words := range map[string]string{"text": text, "html": l.HTML, "text message": l.SMS, "brief": l.Brief.Body} {
			if where != "text message" && strings.Contains(words, note) != c.noted {
				t.Errorf("%s: the note %q is in the %s: %v, want %v:\n%s", c.name, note, where, !c.noted, c.noted, words)
			}
		}
	}
}
