package letter

import (
	"strings"

	"candor/incident"
)

// facts are what every customer asks, as fields in the reader's own language, always in this order.
func (d Desk) facts(n News) (all []fact) {
	w, i, f := d.words(), n.Incident, n.Update.Fields
	add := func(name, value, rest string) {
		if value != "" || rest != "" {
			all = append(all, fact{name, value, rest})
		}
	}
	if i.Kind == incident.Maintenance {
		add(w.T("mail.fact.window"), d.window(i.Window), "")
	}
	add(w.T("mail.fact.status"), w.T("status.incident."+string(n.Update.Status)), "")
	add(w.T("mail.fact.affected"), "", strings.Join(d.affected(n, "mail.component"), "\n"))
	if i.Kind != incident.Maintenance {
		add(w.T("mail.fact.cause"), d.cause(f.Cause), "")
	}
	if i.Kind != incident.Maintenance || f.Data.State == incident.SafetyAffected { // planned work raises no question about data
		add(w.T("mail.fact.data"), d.safety(f.Data, n), d.classes(f.Data))
	}
	if f.Data.State == incident.SafetyAffected {
		steps, _ := f.Data.Steps.In(d.Language, d.Fallback)
		add(w.T("mail.fact.steps"), steps, "")
	}
	if over(n.Update) || i.Kind == incident.Maintenance {
		return all
	}
	working, _ := f.WorkingOn.In(d.Language, d.Fallback)
	add(w.T("mail.fact.working"), "", working)
	add(w.T("mail.fact.estimate"), "", d.estimate(f.Estimate))
	add(w.T("mail.fact.attack"), "", known(w.Has("attack."+string(f.Attack)), w.T("attack."+string(f.Attack))))
	return all
}

// known keeps a field that an older version never wrote off the letter.
func known(has bool, words string) string {
	if has {
		return words
	}
	return ""
}

func (d Desk) cause(c incident.Cause) string {
	w := d.words()
	state := known(w.Has("cause."+string(c.State)), w.T("cause."+string(c.State)))
	if c.Whose == "" || c.State == incident.CauseUnknown || state == "" {
		return state
	}
	return w.T("mail.cause", "state", state, "whose", w.T("cause.whose."+string(c.Whose)))
}

func (d Desk) safety(s incident.Safety, n News) string {
	w := d.words()
	state := known(w.Has("data."+string(s.State)), w.T("data."+string(s.State)))
	switch {
	case state == "":
		return ""
	case s.State == incident.SafetyUnaffected && n.CheckedBy.Name != "":
		return w.T("mail.data.checked", "state", state, "name", n.CheckedBy.Name)
	case (s.State == incident.SafetyChecking || s.State == incident.SafetyUnknown) && !s.AnswerBy.IsZero():
		return w.T("mail.data.answer", "state", state, "time", w.Both(s.AnswerBy, d.Zone))
	}
	return state
}

func (d Desk) classes(s incident.Safety) string {
	w := d.words()
	var lines []string
	for _, class := range incident.DataClasses {
		if state, ok := s.Classes[class]; ok {
			lines = append(lines, w.T("mail.data.class", "what", w.T("data.class."+string(class)), "state", w.T("data."+string(state))))
		}
	}
	return strings.Join(lines, "\n")
}

func (d Desk) estimate(e incident.Estimate) string {
	w := d.words()
	switch e.Kind {
	case incident.EstimateEarliest:
		return w.T("estimate.earliest", "from", w.DateTime(e.From, d.Zone))
	case incident.EstimateRange:
		return w.T("estimate.range", "from", w.DateTime(e.From, d.Zone), "to", w.DateTime(e.Until, d.Zone))
	}
	return w.T("estimate.none")
}

// affected are the components a reader may know of, each said under a key with its name and status.
func (d Desk) affected(n News, key string) (lines []string) {
	w := d.words()
	for _, a := range n.Incident.Affected {
		for _, c := range n.Components {
			if c.ID == a.Component && !c.Private {
				name, _ := c.Name.In(d.Language, d.Fallback)
				lines = append(lines, w.T(key, "name", name, "status", w.T("status.component."+string(a.Status))))
			}
		}
	}
	return lines
}

func (d Desk) window(x incident.Window) string {
	w := d.words()
	if x.From.IsZero() {
		return ""
	}
	if x.Until.IsZero() {
		return w.DateTime(x.From, d.Zone)
	}
	return w.T("mail.window", "from", w.DateTime(x.From, d.Zone), "until", w.DateTime(x.Until, d.Zone))
}
