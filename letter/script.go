package letter

import (
	"strings"
	"time"

	"candor/incident"
	"candor/lang"
	"candor/markup"
)

// A Script is what one of us says on the telephone, in the customer's language, in the order of saying it.
type Script struct {
	Language lang.Tag
	Lines    []string
	Latest   string // the last word in full, to answer from
	Note     string // that some of it is in another language, because nobody has written it in theirs
}

// Script fills in the latest word. Who calls says who they are and how to be sure of it first, because a caller who wants to talk about
// somebody's data is otherwise taken for a fraud; it ends with a question that the customer can say yes to.
func (d Desk) Script(n News, agent, code string, now time.Time) Script {
	w, i, u := d.words(), n.Incident, n.Update
	title, note := d.free(i.Title)
	s := Script{Language: d.Language}
	say := func(words string) {
		if words != "" {
			s.Lines = append(s.Lines, words)
		}
	}
	say(w.T("call.script.greeting", "agent", agent, "company", d.Company))
	if code != "" { // who is no customer has no page that shows it
		say(w.T("call.script.code", "company", d.Company, "code", code))
	}
	say(w.T("call.script.broken", "title", unstopped(title)))
	if over(u) {
		say(w.T("call.script.over", "time", d.spoken(u.At, now)))
	} else {
		say(d.partsSaid(n))
		if !i.StartedAt.IsZero() && i.Kind != incident.Maintenance {
			say(w.T("call.script.since", "time", d.spoken(i.StartedAt, now)))
		}
	}
	if i.Kind != incident.Maintenance || u.Fields.Data.State == incident.SafetyAffected {
		for _, words := range d.dataSaid(u.Fields.Data, now) {
			say(words)
		}
	}
	if !u.NextBy.IsZero() {
		say(w.T("call.script.next", "time", d.spoken(u.NextBy, now)))
	}
	say(w.T("call.script.back"))
	body, bodyNote := d.free(u.Body)
	s.Latest = markup.Text(body)
	s.Note = strings.Join(append(note, bodyNote...)[:min(1, len(note)+len(bodyNote))], "")
	return s
}

// spoken is a time of today by the clock, of another day with its date.
func (d Desk) spoken(t, now time.Time) string {
	if now.Sub(t).Abs() >= 20*time.Hour {
		return d.words().DateTime(t, d.Zone)
	}
	return d.clock(t, t)
}

// partsSaid are the components as a sentence.
func (d Desk) partsSaid(n News) string {
	parts := d.affected(n, "call.script.part")
	if len(parts) == 0 {
		return ""
	}
	return d.words().T("call.script.parts", "parts", d.words().List(parts))
}

// dataSaid is what everybody asks next, in plain words, and what to do.
func (d Desk) dataSaid(s incident.Safety, now time.Time) (all []string) {
	w := d.words()
	state := s.State
	if s.Harmed() {
		state = incident.SafetyAffected
	}
	if w.Has("call.script.data." + string(state)) {
		all = append(all, w.T("call.script.data."+string(state)))
	}
	if s.Unanswered() && !s.Harmed() && !s.AnswerBy.IsZero() {
		all = append(all, w.T("call.script.data.answer", "time", d.spoken(s.AnswerBy, now)))
	}
	if steps, _ := s.Steps.In(d.Language, d.Fallback); s.Harmed() && steps != "" {
		all = append(all, w.T("call.script.steps", "steps", markup.Text(steps)))
	}
	return all
}
