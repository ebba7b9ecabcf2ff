package console

import (
	"context"
	"net/http"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/report"
	"candor/store"
)

// An actionPage is one action: what is to be done, what became of it, and what comes next.
type actionPage struct {
	shell
	Incident incident.Incident
	Action   report.Action
	Form     actionForm
	Row      actionRow
	Steps    []stepLine
	Notes    []tab
	Fault    fault
	Refusal  []string
	// Unverified says why the person looking may not verify it; empty if they may.
	Unverified string
}

func (p actionPage) Open() bool { return p.Action.State == report.Open }
func (p actionPage) Done() bool { return p.Action.State == report.Done }

// MayFinish reports whether the person looking may call it done: its owner may, too.
func (p actionPage) MayFinish() bool {
	return p.Open() && (p.May("incidents") || p.Action.Owner == p.Actor.Person.ID)
}

// An actionForm is an action as it is written.
type actionForm struct {
	Titles        []tab
	Kind, Owner   choice
	Ticket, DueAt input
	TitleFault    fault
	Internal      bool
}

// An actionRow is an action in a list.
type actionRow struct {
	Code     id.Code
	Title    string
	Kind     string
	State    report.ActionState
	Word     string
	Owner    id.Person
	DueAt    time.Time
	Late     time.Duration
	Look     bool // somebody may look whether it works
	Internal bool
	Ticket   string
}

type stepLine struct {
	At   time.Time
	By   id.Person
	Word string
	Note string
}

var actionKindWords = map[report.ActionKind]string{
	report.Prevent: "prevent: it cannot happen", report.Detect: "detect: we see it first", report.Mitigate: "mitigate: it hurts less", report.Process: "process: how we work",
}

var actionStateWords = map[report.ActionState]string{
	report.Open: "Open", report.Done: "Done, not yet verified", report.Verified: "Verified", report.Dropped: "Given up",
}

var stepWords = map[report.StepKind]string{
	report.Opened: "Added", report.Changed: "Changed", report.Finished: "Done", report.Proved: "Verified", report.Refuted: "It did not hold",
	report.Reopened: "Open again: the same cause returned", report.GivenUp: "Given up",
}

func actionRows(s shell, all []report.Action) (rows []actionRow) {
	for _, a := range all {
		rows = append(rows, actionRowOf(s, a))
	}
	return rows
}

func actionRowOf(s shell, a report.Action) actionRow {
	r := actionRow{
		Code: a.Code, Title: s.In(a.Title), Kind: actionKindWords[a.Kind], State: a.State, Word: actionStateWords[a.State], Owner: a.Owner, DueAt: a.DueAt,
		Late: a.Late(s.Now), Look: a.State == report.Done && !s.Now.Before(a.VerifyFrom), Internal: a.Internal,
	}
	if href, ok := a.Ticketed(); ok {
		r.Ticket = href
	}
	return r
}

func newActionForm(s shell, a report.Action) actionForm {
	f := actionForm{TitleFault: s.Err("title"), Internal: a.Internal || s.typed.Has("internal")}
	for _, tag := range s.Company.Languages {
		title := a.Title[tag]
		if name := "title." + string(tag); s.typed.Has(name) {
			title = s.typed.Get(name)
		}
		f.Titles = append(f.Titles, tab{Tag: tag, Name: tag.Name(), Title: title})
	}
	kind, owner := string(a.Kind), string(a.Owner)
	if s.typed.Has("kind") {
		kind, owner = s.typed.Get("kind"), s.typed.Get("owner")
	}
	f.Kind = choice{Name: "kind", Legend: "Against what", Fault: s.Err("kind")}
	for _, k := range report.ActionKinds {
		f.Kind.Options = append(f.Kind.Options, option{string(k), actionKindWords[k], kind == string(k)})
	}
	f.Owner = peopleChoice(s, "owner", "Who answers for it", s.everybody(), owner)
	f.DueAt = s.moment("due_at", "Due", "Customers read it, and it is a promise", a.DueAt, s.Zone)
	f.Ticket = s.input("ticket", "url", "In your tracker", "https://…, for staff alone", a.Ticket)
	return f
}

func actionOf(in *form, was time.Time) desk.ActionDraft {
	return desk.ActionDraft{
		Kind: report.ActionKind(in.text("kind")), Internal: in.checked("internal"), Title: in.texts("title"), Owner: in.person("owner"),
		Ticket: in.text("ticket"), DueAt: in.atOr("due_at", was),
	}
}

func actionPath(i id.Code, a id.Code) string { return incidentPath(i) + "/actions/" + string(a) }

func (f *Face) postNewAction(w http.ResponseWriter, r *http.Request) error {
	i, err := f.readIncident(r)
	if err != nil {
		return err
	}
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	draft := actionOf(in, s.Company.ActionDue(report.Urgent(i.Impact), s.Now))
	if err = in.faults.Err(); err == nil {
		_, err = f.desk.AddAction(r.Context(), i.ID, draft)
	}
	if refusals := ofForm(err); refusals != nil {
		return f.renderNewAction(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, reportPath(i.Code)+"?done=added#actions")
}

func (f *Face) showNewAction(w http.ResponseWriter, r *http.Request) error {
	return f.renderNewAction(w, r, http.StatusOK, nil)
}

func (f *Face) renderNewAction(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	var p actionPage
	s, err := f.frame(r, "New action", "prove", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		*s = s.asTyped(r, faults)
		if p.Incident, err = tx.Incidents.ByCode(ctx, codeOf(r)); err != nil {
			return err
		}
		p.Form = newActionForm(*s, report.Action{Kind: report.Prevent, Owner: s.Actor.Person.ID, DueAt: s.Company.ActionDue(report.Urgent(p.Incident.Impact), s.Now)})
		return nil
	})
	if err != nil {
		return err
	}
	p.shell, p.Refusal = s, s.all(faults)
	return f.render(w, status, "action-new", p)
}

func (f *Face) showAction(w http.ResponseWriter, r *http.Request) error {
	return f.renderAction(w, r, http.StatusOK, nil)
}

func (f *Face) renderAction(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	var p actionPage
	s, err := f.frame(r, "Action", "prove", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		*s = s.asTyped(r, faults)
		if p.Incident, p.Action, err = actionAt(ctx, tx, r); err != nil {
			return err
		}
		steps, err := tx.Actions.Steps(ctx, p.Incident.ID)
		for _, step := range steps {
			if step.Action == p.Action.ID {
				p.Steps = append(p.Steps, stepLine{step.At, step.By, stepWords[step.Kind], s.In(step.Note)})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	p.shell, p.Refusal = s, s.all(faults)
	p.Row, p.Form = actionRowOf(s, p.Action), newActionForm(s, p.Action)
	p.Fault = p.Err("note")
	if p.Done() {
		if why := problem.All(p.Action.MayVerify(s.Actor.Person.ID, s.Now)); len(why) > 0 {
			p.Unverified = s.Words.T(why[0].Key, why[0].Args...)
		}
	}
	for _, tag := range s.Company.Languages {
		p.Notes = append(p.Notes, tab{Tag: tag, Name: tag.Name(), Body: s.typed.Get("note." + string(tag))})
	}
	return f.render(w, status, "action", p)
}

// actionAt is the action of the address, which must be one of the incident's.
func actionAt(ctx context.Context, tx *store.Tx, r *http.Request) (i incident.Incident, a report.Action, err error) {
	if i, err = tx.Incidents.ByCode(ctx, codeOf(r)); err != nil {
		return i, a, err
	}
	if a, err = tx.Actions.ByCode(ctx, parsedCode(r.PathValue("action"))); err == nil && a.Incident != i.ID {
		err = store.ErrNotFound
	}
	return i, a, err
}

// postAction does with an action what the button says.
func (f *Face) postAction(w http.ResponseWriter, r *http.Request) error {
	var i incident.Incident
	var a report.Action
	s, err := f.frame(r, "", "", func(ctx context.Context, tx *store.Tx, _ *shell) (err error) {
		i, a, err = actionAt(ctx, tx, r)
		return err
	})
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	note := in.texts("note")
	switch in.text("act") {
	case "done":
		err = f.desk.FinishAction(r.Context(), a.ID, note)
	case "verify":
		err = f.desk.VerifyAction(r.Context(), a.ID, note)
	case "refute":
		err = f.desk.RefuteAction(r.Context(), a.ID, note)
	case "drop":
		err = f.desk.DropAction(r.Context(), a.ID, note)
	default:
		draft := actionOf(in, a.DueAt)
		draft.Internal = a.Internal
		if err = in.faults.Err(); err == nil {
			err = f.desk.ChangeAction(r.Context(), a.ID, draft)
		}
	}
	if refusals := ofForm(err); refusals != nil {
		return f.renderAction(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, actionPath(i.Code, a.Code)+"?done=kept")
}
