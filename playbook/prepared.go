package playbook

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"candor/incident"
	"candor/lang"
	"candor/settings"
)

// A Scene is what prepared words are about.
type Scene struct {
	Kind   incident.Kind
	Impact incident.Impact
	Names  []string  // of what is affected, in the language of the words; empty: our service
	Since  time.Time // when it began; zero before anybody knows
	Ended  time.Time // zero while it lasts
	Now    time.Time
}

// Prepared is the words for a purpose in one language, filled in: the company's own where it wrote some, else ours. They are a beginning to
// be edited, signed by whoever posts them. Only first words have a title.
func Prepared(s settings.Settings, p settings.Purpose, scene Scene, tag lang.Tag) (title, body string) {
	o := settings.OccasionOf(p, scene.Kind, scene.Impact)
	words := lang.For(tag)
	values := scene.filling(s, words)
	ownTitle, ownBody := s.Own(o, tag)
	ourTitle, ourBody := Ours(o, tag)
	title, body = filled(ownTitle, ourTitle, values, words), filled(ownBody, ourBody, values, words)
	if len(scene.Names) == 0 { // "our service" begins a sentence; a component is written as the company writes it
		title, body = upperFirst(title), upperFirst(body)
	}
	return title, body
}

// filled takes our words where the company's cannot be used: a setting from an older day must not leave anybody without words at night.
func filled(own, ours string, values settings.Filling, words lang.Words) string {
	for _, source := range [...]string{own, ours} {
		if strings.TrimSpace(source) == "" {
			continue
		}
		w, wrong := settings.ReadWording("", source)
		if wrong != nil {
			continue
		}
		if text, err := w.Fill(values, words.Form); err == nil {
			return text
		}
	}
	return ""
}

func (x Scene) filling(s settings.Settings, words lang.Words) settings.Filling {
	names := words.List(x.Names)
	if len(x.Names) == 0 {
		names = words.T("prepared.components.none")
	}
	values := settings.Filling{
		settings.Company:    settings.Said(s.Company),
		settings.Components: settings.Said(names),
		settings.Named:      settings.Said(words.List(x.Names)),
		settings.Count:      settings.Number(max(1, len(x.Names)), words.Number(int64(max(1, len(x.Names))))),
	}
	if until := x.until(); !x.Since.IsZero() && until.Sub(x.Since) >= time.Minute { // less is no time that anybody spent
		values[settings.Since] = settings.Said(since(words, x.Since, x.Now, s.Zoned()))
		values[settings.Lasted] = settings.Said(words.Duration(until.Sub(x.Since)))
	}
	return values
}

func (x Scene) until() time.Time {
	if x.Ended.IsZero() {
		return x.Now
	}
	return x.Ended
}

// since leaves the date out where it is today's.
func since(words lang.Words, at, now time.Time, zone *time.Location) string {
	if at.In(zone).YearDay() == now.In(zone).YearDay() && now.Sub(at) < 24*time.Hour {
		return words.Time(at, zone) + " " + words.Zone(at, zone)
	}
	return words.DateTime(at, zone)
}

// Ours is the text we ship for an occasion, with its places standing.
func Ours(o settings.Occasion, tag lang.Tag) (title, body string) {
	words, key := lang.For(tag), "prepared."+o.Name()
	if o.Titled() {
		title = words.T(key + ".title")
	}
	return title, words.T(key + ".body")
}

// FirstWord is the pre-approved first word for a kind and an impact in one language.
func FirstWord(s settings.Settings, kind incident.Kind, impact incident.Impact, tag lang.Tag, names []string) (title, body string) {
	return Prepared(s, settings.FirstWords, Scene{Kind: kind, Impact: impact, Names: names}, tag)
}

func upperFirst(s string) string {
	if s == "" {
		return ""
	}
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// Says is what a place would say in this scene, for who writes the words.
func (x Scene) Says(s settings.Settings, p settings.Place, words lang.Words) string {
	return x.filling(s, words)[p].Said
}

// PreparedFor is what prepared words are held to: what holds for anybody's words of that sort, with the fields beside them as they are
// offered.
func PreparedFor(o settings.Occasion, tag lang.Tag, now time.Time) Context {
	kind := map[settings.Purpose]Kind{
		settings.FirstWords: Notice, settings.Holding: Update, settings.Resolutions: Resolved, settings.Apologies: ApologyFor,
	}[o.Purpose]
	fields := incident.DefaultFields(o.Kind, now.Add(time.Hour))
	return Context{Language: tag, Kind: kind, Impact: o.Impact, Incident: o.Kind, Fields: &fields, NextBy: now.Add(time.Hour)}
}
