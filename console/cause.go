package console

import (
	"context"
	"net/http"
	"slices"

	"candor/id"
	"candor/incident"
	"candor/problem"
	"candor/report"
	"candor/store"
)

// A causePage is where an incident is said to have the cause of an earlier one.
type causePage struct {
	shell
	Incident incident.Incident
	Earlier  choice
	Known    []incident.Incident
	Refusal  []string
}

// mostEarlier is how far back one looks.
const mostEarlier = 200

func (f *Face) showCause(w http.ResponseWriter, r *http.Request) error {
	return f.renderCause(w, r, http.StatusOK, nil)
}

func (f *Face) renderCause(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	var p causePage
	s, err := f.frame(r, "Same cause", "prove", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		*s = s.asTyped(r, faults)
		if p.Incident, err = tx.Incidents.ByCode(ctx, codeOf(r)); err != nil {
			return err
		}
		earlier, err := tx.Actions.Earlier(ctx, p.Incident.ID)
		if err != nil {
			return err
		}
		past, err := tx.Incidents.Page(ctx, store.Place{}, mostEarlier)
		if err != nil {
			return err
		}
		p.Earlier = choice{Name: "earlier", Legend: "The earlier incident", Fault: s.Err("earlier")}
		for _, i := range past {
			switch {
			case slices.Contains(earlier, i.ID):
				p.Known = append(p.Known, i)
			case i.Kind != incident.Maintenance && i.StartedAt.Before(p.Incident.StartedAt) && i.Visibility == p.Incident.Visibility:
				p.Earlier.Options = append(p.Earlier.Options, option{string(i.ID), s.Words.Date(i.StartedAt, s.Zone) + ": " + s.In(i.Title), s.typed.Get("earlier") == string(i.ID)})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.shell, p.Refusal = s, s.all(faults)
	return f.render(w, status, "cause", p)
}

func (f *Face) postCause(w http.ResponseWriter, r *http.Request) error {
	i, err := f.readIncident(r)
	if err != nil {
		return err
	}
	earlier, err := id.Parse[id.Incident](r.PostFormValue("earlier"))
	if err != nil {
		return f.renderCause(w, r, http.StatusUnprocessableEntity, problem.List{problem.Field("earlier", "problem.choice")})
	}
	_, err = f.desk.SameCause(r.Context(), i.ID, earlier)
	if refusals := ofForm(err); refusals != nil {
		return f.renderCause(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, incidentPath(i.Code)+"?done=same-cause")
}

// A lookedAt is an action that waits for somebody to see whether it works.
type lookedAt struct {
	actionRow
	Incident incident.Incident
}

// waitingActions are those that are done, and whose time of waiting has passed.
func waitingActions(ctx context.Context, tx *store.Tx, s shell) (all []lookedAt, err error) {
	unsettled, err := tx.Actions.Unsettled(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range unsettled {
		if a.State != report.Done || s.Now.Before(a.VerifyFrom) {
			continue
		}
		i, err := tx.Incidents.ByID(ctx, a.Incident)
		if err != nil {
			return nil, err
		}
		all = append(all, lookedAt{actionRowOf(s, a), i})
	}
	return all, nil
}
