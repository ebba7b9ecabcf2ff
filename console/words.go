package console

import (
	"slices"
	"strconv"
	"time"

	"candor/component"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/playbook"
)

// A wordView is a draft as the form shows it.
type wordView struct {
	Titled    bool
	Rehearsal bool
	Prefilled string
	Part      bool // only a part of the page is asked for
	Tabs      []tab

	Status, Cause, Whose, Data, Attack, Estimate choice
	EstimateFrom, EstimateUntil, AnswerBy        input
	Author, CheckedBy                            choice
	Classes                                      []choice
	Next                                         choice
	NextAt, NextReason, ReportDue                input
	NextOpen                                     bool
}

// A tab is one language of the text.
type tab struct {
	Tag                           lang.Tag
	Name                          string
	Chosen, Written, Missing      bool
	Title, Body, WorkingOn, Steps string
	Note                          string
}

// tabs are the company's languages, the person's own chosen if the page speaks it.
func tabs(s shell, d draft) []tab {
	chosen := d.Tab
	if !slices.Contains(s.Company.Languages, chosen) {
		chosen = s.Company.Default()
	}
	var all []tab
	for _, tag := range s.Company.Languages {
		t := tab{
			Tag: tag, Name: tag.Name(), Chosen: tag == chosen, Written: d.Body[tag] != "",
			Title: d.Title[tag], Body: d.Body[tag], WorkingOn: d.Fields.WorkingOn[tag], Steps: d.Fields.Data.Steps[tag],
		}
		if t.Missing = !t.Written && !d.Body.Empty(); t.Missing {
			t.Note = "Missing. Readers get " + s.Company.Default().Name() + ", with a line that says so."
		}
		all = append(all, t)
	}
	return all
}

// viewWord draws a draft. wait is the cadence with its reason's key.
func viewWord(s shell, d draft, wait time.Duration, why string) wordView {
	v := wordView{
		Rehearsal: d.Rehearsal, Prefilled: d.Prefilled, Tabs: tabs(s, d),
		Status:   choose(s, "status", "Status", "status.incident.", d.Kind.Statuses(), d.Status),
		Cause:    choose(s, "cause", "Cause", "cause.", incident.CauseStates[:], d.Fields.Cause.State),
		Whose:    choose(s, "whose", "Whose", "cause.whose.", []incident.Whose{incident.Ours, incident.Suppliers}, d.Fields.Cause.Whose),
		Data:     choose(s, "data", "Customers’ data", "data.", incident.SafetyStates[:], d.Fields.Data.State),
		Attack:   choose(s, "attack", "Attack", "attack.", incident.Attacks[:], d.Fields.Attack),
		Estimate: choice{Name: "estimate", Legend: "Repair estimate", Fault: s.Err("estimate")},
		EstimateFrom: s.moment("estimate_from", "Not before", "With an estimate. "+s.ZoneName(),
			d.Fields.Estimate.From, s.Zone),
		EstimateUntil: s.moment("estimate_until", "And by", "With a range", d.Fields.Estimate.Until, s.Zone),
		AnswerBy: s.moment("data_answer_by", "Answer about data by", "A promise. Empty: by the cadence of this impact",
			d.Fields.Data.AnswerBy, s.Zone),
		Author:     peopleChoice(s, "author", "Signed by", s.everybody(), string(d.Author)),
		NextAt:     s.moment("next_at", "At", s.ZoneName(), d.NextAt, s.Zone),
		NextReason: s.input("next_reason", "text", "Why it takes longer", "Customers read it", d.NextReason),
		ReportDue: s.moment("report_due_at", "Cause and corrective action are published by",
			"A promise customers see. Empty: none", d.ReportDue, s.Zone),
		NextOpen: d.Next == "other" || d.NextReason != "" || s.Err("next_by").Said != nil || s.Err("next_reason").Said != nil || s.Err("next_at").Said != nil,
	}
	v.Whose.Options = append([]option{{Word: "Not said", Chosen: d.Fields.Cause.Whose == ""}}, v.Whose.Options...)
	for n, word := range [...]string{"None yet", "Not before", "Between"} {
		kind := incident.EstimateKinds[n]
		v.Estimate.Options = append(v.Estimate.Options, option{Value: string(kind), Word: word, Chosen: kind == d.Fields.Estimate.Kind})
	}
	for _, c := range incident.DataClasses {
		q := choose(s, "class."+string(c), s.Words.T("data.class."+string(c)), "data.", incident.SafetyStates[:], d.Fields.Data.Classes[c])
		q.Options = append([]option{{Word: "As above", Chosen: d.Fields.Data.Classes[c] == ""}}, q.Options...)
		v.Classes = append(v.Classes, q)
	}
	v.CheckedBy = peopleChoice(s, "data_checked_by", "Who checked it", s.everybody(), string(d.Fields.Data.CheckedBy))
	v.CheckedBy.Options = append([]option{{Word: "Who posts this", Chosen: d.Fields.Data.CheckedBy == ""}}, v.CheckedBy.Options...)
	v.Next = nextChoice(s, d, wait, why)
	return v
}

// nextChoice offers the cadence first, with its reason: the honest default is the short one.
func nextChoice(s shell, d draft, wait time.Duration, why string) choice {
	c := choice{Name: "next", Legend: "Next update by", Fault: s.Err("next_by"), Hint: s.Words.T(why)}
	inWords := func(wait time.Duration) string { return s.Clock(s.Now.Add(wait)).Said + ", in " + s.Duration(wait) }
	c.Options = []option{{Value: "cadence", Word: inWords(wait), Chosen: d.Next == "" || d.Next == "cadence"}}
	for _, other := range [...]time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour} {
		if other != wait {
			value := strconv.Itoa(int(other / time.Minute))
			c.Options = append(c.Options, option{Value: value, Word: inWords(other), Chosen: d.Next == value})
		}
	}
	c.Options = append(c.Options, option{Value: "other", Word: "Other", Chosen: d.Next == "other"})
	return c
}

// An affectedRow is one component in the list of what is broken, or the heading of a group.
type affectedRow struct {
	Heading string
	ID      id.Component
	Name    string
	Earns   bool
	Options []option
}

// affectedRows lists what customers use, in the order of the page.
func affectedRows(s shell, all []component.Component, d draft) []affectedRow {
	var rows []affectedRow
	for _, c := range tree(all) {
		if c.Group {
			rows = append(rows, affectedRow{Heading: s.In(c.Name)})
			continue
		}
		rows = append(rows, affectedRow{ID: c.ID, Name: s.In(c.Name), Earns: c.Earns, Options: statusOptions(s, c.Status, d.Statuses[c.ID])})
	}
	return rows
}

// tree is the components that are offered, each group before what it holds, by position.
func tree(all []component.Component) []component.Component {
	byPosition := slices.Clone(all)
	slices.SortStableFunc(byPosition, func(a, b component.Component) int { return a.Position - b.Position })
	var out []component.Component
	for _, c := range byPosition {
		if !c.ArchivedAt.IsZero() || c.GroupID != "" {
			continue
		}
		out = append(out, c)
		for _, child := range byPosition {
			if c.Group && child.GroupID == c.ID && child.ArchivedAt.IsZero() {
				out = append(out, child)
			}
		}
	}
	return out
}

func leaves(all []component.Component) (n int) {
	for _, c := range all {
		if !c.Group && c.ArchivedAt.IsZero() {
			n++
		}
	}
	return n
}

// harm is what the statuses in a form add up to, before anybody posts: the impact, and how long customers wait at most for the next word.
func harm(s shell, d draft, before incident.Incident, all []component.Component) (incident.Impact, time.Duration, string) {
	hit := d.affected(all)
	for _, a := range before.Affected {
		if _, changed := d.Statuses[a.Component]; !changed {
			hit = append(hit, a)
		}
	}
	impact := incident.ImpactOf(d.Kind, before.Impact, hit, leaves(all), d.CannotWork)
	if d.Override != "" {
		impact = d.Override
	}
	earns := map[id.Component]bool{}
	for _, c := range all {
		earns[c.ID] = c.Earns
	}
	phase := d.Status
	if phase == "" {
		phase = d.Kind.Statuses()[0]
	}
	wait, why := playbook.Interval(s.Company.Cadence, impact, phase, playbook.Earning(hit, func(a incident.Affected) bool { return earns[a.Component] }))
	return impact, wait, why
}
