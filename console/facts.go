package console

import (
	"context"
	"net/http"

	"candor/desk"
	"candor/incident"
	"candor/problem"
	"candor/store"
)

// A factsPage is what is learned later about an incident.
type factsPage struct {
	shell
	Incident                             incident.Incident
	Titles                               []tab
	Lead, Override                       choice
	DetectedBy, CannotWork               choice
	StartedAt, DetectedAt, FirstReportAt input
	ReportDue, From, Until               input
	Maintenance                          bool
	Refusal                              []string
}

func (f *Face) showFacts(w http.ResponseWriter, r *http.Request) error {
	return f.renderFacts(w, r, http.StatusOK, nil)
}

func (f *Face) renderFacts(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	var p factsPage
	s, err := f.frame(r, "Facts", "say", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		p.Incident, err = tx.Incidents.ByCode(ctx, codeOf(r))
		return err
	})
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	p.view(s)
	p.shell, p.Refusal = s, s.all(faults)
	return f.render(w, status, "facts", p)
}

func (p *factsPage) view(s shell) {
	i := p.Incident
	title, lead, detected, cannot, override := i.Title, string(i.Lead), i.DetectedBy, i.CannotWork, i.Override
	if s.typed != nil {
		lead, detected, cannot = s.typed.Get("lead"), incident.Detection(s.typed.Get("detected_by")), s.typed.Get("cannot_work") == "yes"
		override = incident.Impact(s.typed.Get("impact"))
	}
	for _, tag := range s.Company.Languages {
		said := title[tag]
		if name := "title." + string(tag); s.typed.Has(name) {
			said = s.typed.Get(name)
		}
		p.Titles = append(p.Titles, tab{Tag: tag, Name: tag.Name(), Title: said})
	}
	p.Lead = peopleChoice(s, "lead", "Lead", s.everybody(), lead)
	p.Override = overrideChoice(s, override)
	p.DetectedBy = choose(s, "detected_by", "Who noticed first", "detected.", incident.Detections[:], detected)
	p.CannotWork = yesNo(s, "cannot_work", "Can customers work at all?", cannot)
	p.CannotWork.Options[0].Word, p.CannotWork.Options[1].Word = "Yes", "No, not at all"
	p.StartedAt = s.moment("started_at", "It broke at", "", i.StartedAt, s.Zone)
	p.DetectedAt = s.moment("detected_at", "We knew at", "", i.DetectedAt, s.Zone)
	p.FirstReportAt = s.moment("first_report_at", "The first customer told us at", "Empty: nobody did", i.FirstReportAt, s.Zone)
	p.ReportDue = s.moment("report_due_at", "Cause and corrective action are published by", "A promise customers see", i.ReportDueAt, s.Zone)
	p.From = s.moment("window_from", "From", "", i.Window.From, s.Zone)
	p.Until = s.moment("window_until", "Until", "", i.Window.Until, s.Zone)
	p.Maintenance = i.Kind == incident.Maintenance
}

func (f *Face) postFacts(w http.ResponseWriter, r *http.Request) error {
	var i incident.Incident
	s, err := f.frame(r, "", "", func(ctx context.Context, tx *store.Tx, _ *shell) (err error) {
		i, err = tx.Incidents.ByCode(ctx, codeOf(r))
		return err
	})
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	facts := desk.Facts{
		Title: in.texts("title"), Lead: in.person("lead"), StartedAt: in.atOr("started_at", i.StartedAt),
		DetectedAt: in.atOr("detected_at", i.DetectedAt), DetectedBy: incident.Detection(in.text("detected_by")),
		FirstReportAt: in.atOr("first_report_at", i.FirstReportAt), Override: incident.Impact(in.text("impact")),
		CannotWork: in.text("cannot_work") == "yes", ReportDueAt: in.atOr("report_due_at", i.ReportDueAt),
		Window: i.Window,
	}
	if i.Kind == incident.Maintenance {
		facts.Window.From, facts.Window.Until = in.atOr("window_from", i.Window.From), in.atOr("window_until", i.Window.Until)
	}
	if err = in.faults.Err(); err == nil {
		err = f.desk.Amend(r.Context(), i.ID, facts)
	}
	if refusals := ofForm(err); refusals != nil {
		return f.renderFacts(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, incidentPath(i.Code)+"?done=kept")
}
