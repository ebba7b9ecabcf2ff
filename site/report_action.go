package site

import (
	"candor/id"
	"candor/incident"
	"candor/report"
)

// An actionView is one thing that is done so that it never happens twice, and everything that became of it.
type actionView struct {
	ID    string
	Kind  string
	Title phrase
	State string // its stored value
	Word  string
	Due   moment
	Late  string
	Steps []actionStep
	From  *causeLine // on the page of all actions: after which incident
}

type actionStep struct {
	At   moment
	Word string
	Note phrase
	Href string
}

func (r reader) actions(w *world, x findings) (all []actionView) {
	for _, a := range x.actions {
		all = append(all, r.action(w, a, x.steps[a.ID], x.known))
	}
	return all
}

func (r reader) action(w *world, a report.Action, steps []report.Step, known map[id.Incident]incident.Incident) actionView {
	v := actionView{
		ID: string(a.Code), Kind: r.T("report.action.kind." + string(a.Kind)), Title: r.phrase(a.Title), State: string(a.State),
		Word: r.T("report.action.state." + string(a.State)),
	}
	switch a.State {
	case report.Open:
		v.Due = r.moment(a.DueAt, r.T("report.action.due", "date", r.Date(a.DueAt, r.loc)))
		if late := a.Late(r.now); late > 0 {
			v.Late = r.late(late)
		}
	case report.Done:
		v.Due = r.moment(a.VerifyFrom, r.T("report.action.look", "date", r.Date(a.VerifyFrom, r.loc)))
	}
	due := a.CreatedAt
	for n, s := range steps {
		moved := n > 0 && s.Kind == report.Changed && !s.DueAt.Equal(due)
		due = s.DueAt
		if s.At.Before(a.PublishedAt) || s.Kind == report.Opened || s.Kind == report.Changed && !moved {
			continue
		}
		step := actionStep{At: r.moment(s.At, r.Date(s.At, r.loc)), Note: r.phrase(s.Note)}
		step.Word = r.T("report.step."+string(s.Kind), "name", r.who(w, s.By), "date", r.Date(s.DueAt, r.loc))
		if i, ok := known[s.Incident]; ok {
			step.Href, step.Note = r.incidentPath(i.Code), r.phrase(i.Title)
		}
		v.Steps = append(v.Steps, step)
	}
	return v
}

// standing is how the actions stand in one line; empty without any.
func (r reader) standing(s report.Standing) string {
	if s.Made == 0 {
		return ""
	}
	line := r.T("report.standing", "verified", r.Number(int64(s.Verified)), "made", r.Number(int64(s.Made)))
	if s.Late > 0 {
		return r.T("report.standing.late", "line", line, "late", r.Number(int64(s.Late)))
	}
	return line
}
