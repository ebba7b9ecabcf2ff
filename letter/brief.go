package letter

import (
	"slices"
	"strings"

	"candor/incident"
	"candor/markup"
)

// A Brief is a letter's short form, for a lock screen or a room.
type Brief struct {
	Title, Body string // plain text
	URL, More   string // where all of it stands, and how the link to it is called; a customer's own page has a slot in it
	Facts       []Fact // what every customer asks, for channels with room for it
	By          string // who says it
	Topic       string // a later brief of the same topic replaces an earlier one that nobody has seen yet
	Urgent      bool
}

// A Fact is a name and a value.
type Fact struct{ Name, Value string }

// longestBrief is what a room reads of a body before it would rather follow the link.
const longestBrief = 700

// brief is what remains of a letter about an incident where there is no room for a letter.
func (d Desk) brief(n News, s sheet, subject string) Brief {
	b := Brief{
		Title: subject, Body: shortened(markup.Text(s.Body), longestBrief), URL: s.Links[0].URL, More: s.Links[0].Words, Topic: string(n.Incident.Code),
		Urgent: n.Incident.Impact == incident.ImpactCritical || n.Update.Fields.Data.State == incident.SafetyAffected,
	}
	if n.Customer {
		b.URL, b.More = s.Button.URL, s.Button.Words
	}
	b.Body = strings.TrimSpace(strings.Join(append(slices.Concat(nonEmpty(s.Rehearsal), s.Notes), b.Body), "\n\n"))
	for _, f := range s.Facts {
		b.Facts = append(b.Facts, Fact{f.Name, strings.TrimSpace(f.Value + "\n" + f.Rest)})
	}
	if s.Board != nil {
		b.Facts = append(b.Facts, Fact{s.Board.Label, s.Board.Both})
	}
	if s.Author != nil {
		b.By = s.Author.Name
	}
	return b
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// shortened cuts at a space, or in a script that has none between two characters, and shows that it did.
func shortened(text string, most int) string {
	text = strings.TrimSpace(text)
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	cut := most - 1
	for i := cut; i > cut-30 && i > 0; i-- {
		if r[i] == ' ' || r[i] == '\n' {
			cut = i
			break
		}
	}
	return strings.TrimSpace(string(r[:cut])) + "…"
}
