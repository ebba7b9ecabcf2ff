package console

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/look"
	"candor/problem"
	"candor/settings"
	"candor/staff"
)

//go:embed templates/*.html
var templates embed.FS

// A shell is what every page has around its own. Pages embed it.
type shell struct {
	Title   string
	Section string // of the menu: "now", "say", "reach", "repair", "prove"; empty for none
	Actor   staff.Actor
	Company settings.Settings
	Version int64 // of the settings, so that nobody overwrites unseen
	Words   lang.Words
	Zone    *time.Location
	Now     time.Time
	Strip   *owed
	Notice  string
	Live    bool // a preview follows what is typed
	Errors  map[string][]string
	Key     string // makes the form safe to send twice
	people  map[id.Person]staff.Person
	typed   url.Values // of a form that comes back
}

// pages are the templates by name. Each is a copy of the shell with its own part, made when somebody opens it: all of them at once were a
// quarter of what a calm Candor keeps in memory. A test executes every one.
type pages map[string]func() *template.Template

func parsePages() pages {
	shared := template.Must(template.ParseFS(templates, "templates/base.html", "templates/parts.html"))
	all := pages{}
	names, err := fs.Glob(templates, "templates/*.html")
	if err != nil {
		panic(err) // the pattern is ours
	}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name != "base" && name != "parts" {
			all[name] = sync.OnceValue(func() *template.Template {
				return template.Must(template.Must(shared.Clone()).ParseFS(templates, file))
			})
		}
	}
	return all
}

// render writes a whole page, or nothing of it.
func (f *Face) render(w http.ResponseWriter, status int, name string, page any) error {
	return f.execute(w, status, name, "base", page)
}

// execute renders the whole page ("base") or the part of it that htmx puts into an open one ("part").
func (f *Face) execute(w http.ResponseWriter, status int, name, part string, page any) error {
	var out bytes.Buffer
	if err := f.pages[name]().ExecuteTemplate(&out, part, page); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // the reader went away
	return nil
}

// refused is the shell of a form that comes back: with what was typed, and what to do above the fields.
func (s shell) refused(l problem.List) shell {
	s.Errors = inWords(s.Words, l)
	return s
}

// What templates call. They decide nothing; a word that is enumerated comes from the catalogue in the person's language.

func (s shell) Marks() template.HTML { return template.HTML(look.Marks) }
func (s shell) SignedIn() bool       { return signedIn(s.Actor) }
func (s shell) Me() staff.Person     { return s.Actor.Person }
func (s shell) Outbox() bool         { return s.Company.Mail.URL == "" }

// May reports whether the person has a right, so that no page offers what would be refused.
func (s shell) May(right string) bool { return s.Actor.May(staff.Right(right)) }

// Err are the sentences above one field; "" are those that concern the whole form.
func (s shell) Err(field string) fault {
	return fault{ID: idOf(field), Said: s.Errors[field]}
}

// Elsewhere are the sentences of fields that the form does not show one by one, so that none is lost.
func (s shell) Elsewhere(shown ...string) (rest []string) {
	for field, said := range s.Errors {
		known := false
		for _, one := range shown {
			known = known || one == field
		}
		if !known {
			rest = append(rest, said...)
		}
	}
	return rest
}

// A fault is what is wrong with one field.
type fault struct {
	ID   string
	Said []string
}

func (s shell) ComponentWord(c component.Status) string {
	return s.Words.T("status.component." + string(c))
}

func (s shell) StatusWord(i incident.Status) string { return s.Words.T("status.incident." + string(i)) }
func (s shell) ImpactWord(i incident.Impact) string { return s.Words.T("impact." + string(i)) }
func (s shell) KindWord(k incident.Kind) string     { return s.Words.T("kind." + string(k)) }
func (s shell) RoleWord(r staff.Role) string        { return s.Words.T("role." + string(r)) }
func (s shell) DetectedWord(d incident.Detection) string {
	return s.Words.T("detected." + string(d))
}

// Mark is a status as outline, word and colour.
func (s shell) Mark(c component.Status) mark { return mark{Status: c, Word: s.ComponentWord(c)} }

type mark struct {
	Status component.Status
	Word   string
}

// In is a text in the person's language, else in the company's, else in any.
func (s shell) In(t lang.Text) string {
	said, _ := t.In(s.Words.Tag(), s.Company.Default())
	return said
}

// Name of a person, for whoever wrote or is to speak.
func (s shell) Name(p id.Person) string {
	if p == "" {
		return "Candor"
	}
	if one, ok := s.people[p]; ok {
		return one.Name
	}
	return "somebody who is no longer listed"
}

// Clock is a time in the company's zone: of today by the clock, of another day with its date.
func (s shell) Clock(t time.Time) clock {
	c := clock{ISO: t.UTC().Format(time.RFC3339)}
	y, m, d := t.In(s.Zone).Date()
	ny, nm, nd := s.Now.In(s.Zone).Date()
	switch {
	case y == ny && m == nm && d == nd:
		c.Said = s.Words.Time(t, s.Zone)
	case y == ny:
		c.Said = s.Words.Days(t, t, s.Zone) + ", " + s.Words.Time(t, s.Zone)
	default:
		c.Said = s.Words.Day(t, s.Zone)
	}
	return c
}

// Moment is a time in full, with its zone.
func (s shell) Moment(t time.Time) clock {
	return clock{ISO: t.UTC().Format(time.RFC3339), Said: s.Words.DateTime(t, s.Zone)}
}

type clock struct{ ISO, Said string }

func (s shell) Duration(d time.Duration) string { return s.Words.Duration(d) }
func (s shell) Count(n int64) string            { return s.Words.Number(n) }
func (s shell) ZoneName() string                { return s.Words.Zone(s.Now, s.Zone) }
