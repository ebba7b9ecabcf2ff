package console

import (
	"context"
	"net/http"
	"time"

	"candor/component"
	"candor/desk"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/store"
)

// A maintenancePage is where planned work is announced.
type maintenancePage struct {
	shell
	From, Until        input
	AutoStart, AutoEnd choice
	Affected           []affectedRow
	Word               wordView
	Advice             adviceView
	Reminders          string
	Refusal            []string
}

func (f *Face) showMaintenance(w http.ResponseWriter, r *http.Request) error {
	return f.renderMaintenance(w, r, http.StatusOK, "base", nil)
}

// showMaintenanceAdvice is what a careful colleague says of the announcement so far.
func (f *Face) showMaintenanceAdvice(w http.ResponseWriter, r *http.Request) error {
	return f.renderMaintenance(w, r, http.StatusOK, partOf(r), nil)
}

func (f *Face) renderMaintenance(w http.ResponseWriter, r *http.Request, status int, part string, faults problem.List) error {
	p := maintenancePage{}
	s, err := f.frame(r, "Planned work", "say", func(ctx context.Context, tx *store.Tx, s *shell) error {
		all, err := tx.Components.All(ctx)
		if err != nil {
			return err
		}
		d := offeredTo(s.Actor, incident.Maintenance)
		if r.Method == http.MethodPost {
			d = parseDraft(typed(r, s.Zone), incident.Maintenance)
		} else {
			d.Title, d.Body = prepared(*s, d, incident.ImpactMaintenance, all)
		}
		*s = s.asTyped(r, faults)
		p.view(*s, d, all)
		p.Word.Part = part == "part"
		d.Author, d.Status = s.Actor.Person.ID, incident.Scheduled
		var read preview
		err = f.advise(ctx, tx, *s, &read, d, incident.Incident{}, all)
		p.Advice = read.Advice
		return err
	})
	if err != nil {
		return err
	}
	s.Live = true
	p.shell, p.Refusal = s, s.all(faults)
	if key := r.PostFormValue("key"); key != "" {
		p.Key = key
	}
	return f.execute(w, status, "maintenance", part, p)
}

func (p *maintenancePage) view(s shell, d draft, all []component.Component) {
	p.Word = wordView{Titled: true, Tabs: tabs(s, d)}
	p.From = s.moment("window_from", "From", "", time.Time{}, s.Zone)
	p.Until = s.moment("window_until", "Until", "", time.Time{}, s.Zone)
	p.AutoStart = yesNo(s, "auto_start", "Starts by itself", s.typed.Get("auto_start") != "no")
	p.AutoEnd = yesNo(s, "auto_end", "Ends by itself", s.typed.Get("auto_end") != "no")
	for _, row := range affectedRows(s, all, d) {
		if row.Heading == "" {
			_, on := d.Statuses[row.ID]
			row.Options = []option{
				{Value: "", Word: "Not touched", Chosen: !on},
				{Value: string(component.Maintenance), Word: "Worked on", Chosen: on},
			}
		}
		p.Affected = append(p.Affected, row)
	}
	var before []string
	for _, d := range s.Company.Remind {
		before = append(before, s.Duration(d))
	}
	p.Reminders = s.Words.List(before)
}

func (f *Face) postMaintenance(w http.ResponseWriter, r *http.Request) error {
	var in *form
	var d draft
	var all []component.Component
	_, err := f.frame(r, "", "", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		in = typed(r, s.Zone)
		d = parseDraft(in, incident.Maintenance)
		all, err = tx.Components.All(ctx)
		return err
	})
	if err != nil {
		return err
	}
	window := incident.Window{
		From: in.at("window_from"), Until: in.at("window_until"), AutoStart: in.text("auto_start") != "no", AutoEnd: in.text("auto_end") != "no",
	}
	if window.From.IsZero() || window.Until.IsZero() {
		in.faults.Add(problem.Field("window", "problem.window.missing"))
	}
	var i incident.Incident
	if err = in.faults.Err(); err == nil {
		i, _, err = f.desk.Declare(r.Context(), desk.Declaration{
			Kind: incident.Maintenance, Title: d.Title, Window: window,
			First: desk.Word{Body: d.Body, Affected: d.affected(all)},
		})
	}
	if refusals := ofForm(err); refusals != nil {
		return f.renderMaintenance(w, r, http.StatusUnprocessableEntity, "base", refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, incidentPath(i.Code)+"?done=scheduled")
}

// inAllLanguages is a catalogue text in every language the page speaks.
func (f *Face) inAllLanguages(r *http.Request, key string) lang.Text {
	text := lang.Text{}
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return text // the desk refuses an empty word
	}
	for _, tag := range s.Company.Languages {
		text[tag] = lang.For(tag).T(key)
	}
	return text
}
