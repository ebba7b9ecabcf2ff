package console

import (
	"context"
	"net/http"
	"time"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/problem"
	"candor/settings"
	"candor/staff"
	"candor/store"
)

// A writePage is where an update is written.
type writePage struct {
	shell
	Incident     incident.Incident
	Number       int
	Affected     []affectedRow
	CannotWork   choice
	Override     choice
	Quiet        choice
	Word         wordView
	Preview      *preview
	OptionalOpen bool
	Refusal      []string
	Begin        []beginning
}

// Asked is the one more click that a contradiction costs.
func (p writePage) Asked() asked {
	a := asked{Part: p.Word.Part}
	if p.Preview != nil {
		a.Advice = p.Preview.Advice
	}
	return a
}

// writing is what the form is about.
type writing struct {
	incident incident.Incident
	last     incident.Update
	all      []component.Component
}

func readWriting(ctx context.Context, tx *store.Tx, code id.Code) (x writing, err error) {
	if x.incident, err = tx.Incidents.ByCode(ctx, code); err != nil {
		return x, err
	}
	if x.last, err = tx.Updates.Latest(ctx, x.incident.ID); err != nil {
		return x, err
	}
	x.all, err = tx.Components.All(ctx)
	return x, err
}

// offer is the form before anybody typed: everything stands as the last update said it.
func (x writing) offer(a staff.Actor, status incident.Status) draft {
	d := offeredTo(a, x.incident.Kind)
	d.Fields, d.Status, d.Override, d.CannotWork = x.last.Fields, x.incident.Status, x.incident.Override, x.incident.CannotWork
	if x.incident.MayBecome(status) {
		d.Status = status
	}
	d.Rehearsal = x.incident.Visibility == incident.Rehearsal
	return d
}

// begun is prepared words to begin with, if some were asked for.
func (x writing) begun(s shell, p settings.Purpose) lang.Text {
	if !p.Valid() || p == settings.FirstWords {
		return lang.Text{}
	}
	scene := playbook.Scene{Kind: x.incident.Kind, Impact: x.incident.Impact, Since: x.incident.StartedAt, Ended: x.incident.ResolvedAt, Now: s.Now}
	_, body := preparedFor(s, p, scene, x.incident.Affected, x.all)
	return body
}

// A beginning is a way to start the text from prepared words.
type beginning struct {
	Word   string
	Status incident.Status
	Words  settings.Purpose
}

// beginnings fit where the incident stands.
func (x writing) beginnings() []beginning {
	apology := beginning{"Apology", x.incident.Status, settings.Apologies}
	if !x.incident.Open() {
		return []beginning{apology}
	}
	last := incident.Resolved
	if x.incident.Kind == incident.Maintenance {
		last = incident.Completed
	}
	return []beginning{{"Still working on it", x.incident.Status, settings.Holding}, {"It works again", last, settings.Resolutions}, apology}
}

func (f *Face) showWrite(w http.ResponseWriter, r *http.Request) error {
	return f.showWriting(w, r, http.StatusOK, "base", nil, nil)
}

func (f *Face) showUpdatePreview(w http.ResponseWriter, r *http.Request) error {
	d, _, err := f.parseUpdate(r)
	if err != nil {
		return err
	}
	return f.showWriting(w, r, http.StatusOK, partOf(r), &d, nil)
}

// partOf is what of a page is asked for: a part to be put into an open one, or all of it where no script runs.
func partOf(r *http.Request) string {
	if r.Header.Get("HX-Request") != "" {
		return "part"
	}
	return "base"
}

func (f *Face) parseUpdate(r *http.Request) (d draft, x writing, err error) {
	_, err = f.frame(r, "", "", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		if x, err = readWriting(ctx, tx, codeOf(r)); err != nil {
			return err
		}
		in := typed(r, s.Zone)
		d = parseDraft(in, x.incident.Kind)
		d.Rehearsal = x.incident.Visibility == incident.Rehearsal
		return in.faults.Err()
	})
	return d, x, err
}

func (f *Face) postUpdate(w http.ResponseWriter, r *http.Request) error {
	d, x, err := f.parseUpdate(r)
	var waits id.Proposal
	if err == nil {
		word := d.word(x.all, x.last.Fields, time.Now())
		word.CannotWork, word.Override = &d.CannotWork, &d.Override
		word.Ask, word.Confirmed = true, d.Anyway
		_, waits, err = f.desk.PostOrWait(r.Context(), x.incident.ID, word)
	}
	if refusals := ofForm(err); refusals != nil {
		return f.showWriting(w, r, http.StatusUnprocessableEntity, "base", &d, refusals)
	}
	if err != nil {
		return err
	}
	if waits != "" {
		return back(w, r, "/console?done=waits#waiting")
	}
	return back(w, r, incidentPath(x.incident.Code)+"?done=posted")
}

func (f *Face) showWriting(w http.ResponseWriter, r *http.Request, status int, part string, d *draft, faults problem.List) error {
	var p writePage
	s, err := f.frame(r, "Write", "say", func(ctx context.Context, tx *store.Tx, s *shell) error {
		x, err := readWriting(ctx, tx, codeOf(r))
		if err != nil {
			return err
		}
		if d == nil {
			offered := x.offer(s.Actor, incident.Status(r.URL.Query().Get("status")))
			offered.Body = x.begun(*s, settings.Purpose(r.URL.Query().Get("words")))
			if x.incident.Open() && x.incident.ReportDueAt.IsZero() {
				offered.ReportDue = s.Company.ReportDue(x.incident, s.Now)
			}
			d = &offered
		}
		*s = s.asTyped(r, faults)
		p.Incident, p.Number, p.Begin = x.incident, x.last.Number+1, x.beginnings()
		p.view(*s, *d, x)
		if p.Preview, err = previewOf(ctx, tx, *s, *d, x.incident, x.all); err != nil {
			return err
		}
		if err = f.foresee(ctx, tx, *s, p.Preview, *d, x.incident, x.all); err != nil {
			return err
		}
		return f.advise(ctx, tx, *s, p.Preview, *d, x.incident, x.all)
	})
	if err != nil {
		return err
	}
	if d.Key != "" {
		s.Key = d.Key
	}
	s.Live = true
	p.shell, p.Word.Part, p.Refusal = s, part == "part", s.all(faults)
	return f.execute(w, status, "write", part, p)
}

func (p *writePage) view(s shell, d draft, x writing) {
	_, wait, why := harm(s, d, x.incident, x.all)
	p.Word = viewWord(s, d, wait, why)
	p.Affected = affectedRows(s, x.all, d)
	p.CannotWork = yesNo(s, "cannot_work", "Can customers work at all?", d.CannotWork)
	p.CannotWork.Options[0].Word, p.CannotWork.Options[1].Word = "Yes", "No, not at all"
	p.Override = overrideChoice(s, d.Override)
	p.Quiet = yesNo(s, "quiet", "Page and feeds only, no mail", d.Silent)
	for field := range s.Errors {
		p.OptionalOpen = p.OptionalOpen || (field != "body" && field != "affected" && field != "next_by" && field != "next_reason" && field != "status")
	}
}

// incidentOf is the incident of the address.
func (f *Face) incidentOf(r *http.Request) (i incident.Incident, err error) {
	err = f.db.Read(r.Context(), func(tx *store.Tx) error {
		i, err = tx.Incidents.ByCode(r.Context(), codeOf(r))
		return err
	})
	return i, err
}

func (f *Face) postHold(w http.ResponseWriter, r *http.Request) error {
	i, err := f.incidentOf(r)
	if err != nil {
		return err
	}
	if _, err := f.desk.Hold(r.Context(), i.ID); err != nil {
		return err
	}
	if r.PostFormValue("to") == "now" {
		return back(w, r, "/console?done=held")
	}
	return back(w, r, incidentPath(i.Code)+"?done=held")
}

func (f *Face) postSetAside(w http.ResponseWriter, r *http.Request) error {
	i, err := f.incidentOf(r)
	if err != nil {
		return err
	}
	if err := f.desk.SetAside(r.Context(), i.ID); err != nil {
		return err
	}
	return back(w, r, "/console?done=setaside")
}

// postPublish is the one click: the draft with the words that were prepared for it.
func (f *Face) postPublish(w http.ResponseWriter, r *http.Request) error {
	d := declaring{draft: offeredTo(staff.Acting(r.Context()), incident.Outage)}
	_, err := f.frame(r, "", "", func(ctx context.Context, tx *store.Tx, _ *shell) (err error) {
		if d.from, err = tx.Incidents.ByCode(ctx, codeOf(r)); err == nil {
			d.Kind, d.Title, d.detectedBy = d.from.Kind, d.from.Title, d.from.DetectedBy
			for _, a := range d.from.Affected {
				d.Statuses[a.Component] = a.Status
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	d.Fields, d.Key = incident.DefaultFields(d.Kind, time.Time{}), r.PostFormValue("key")
	in, err := f.declaration(r, &d, d.from.Code)
	if err != nil {
		return err
	}
	_, _, err = f.desk.Declare(r.Context(), in)
	if refusals := ofForm(err); refusals != nil {
		return f.showDeclaring(w, r, http.StatusUnprocessableEntity, "base", d, d.from.Code, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, incidentPath(d.from.Code)+"?done=declared")
}

// postStart begins a maintenance ahead of its clock, postEnd ends it: the words are the same as when it does so by itself.
func (f *Face) postStart(w http.ResponseWriter, r *http.Request) error {
	return f.turn(w, r, incident.InProgress, "maintenance.started", "started")
}

func (f *Face) postEnd(w http.ResponseWriter, r *http.Request) error {
	return f.turn(w, r, incident.Completed, "maintenance.completed", "ended")
}

func (f *Face) turn(w http.ResponseWriter, r *http.Request, to incident.Status, key, done string) error {
	i, err := f.incidentOf(r)
	if err != nil {
		return err
	}
	word := desk.Word{Status: to, Body: f.inAllLanguages(r, key)}
	if _, err := f.desk.Post(r.Context(), i.ID, word); err != nil {
		return err
	}
	return back(w, r, incidentPath(i.Code)+"?done="+done)
}
