package console

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// A declarePage is the one screen at three in the morning.
type declarePage struct {
	shell
	Draft                                id.Code
	Affected                             []affectedRow
	Kind, CannotWork, DetectedBy, Quiet  choice
	Override, Audience                   choice
	Named                                string
	StartedAt, DetectedAt, FirstReportAt input
	Word                                 wordView
	Preview                              *preview
	OptionalOpen                         bool
	Reworded                             bool
	Refusal                              []string
}

// A declaring is what the screen holds besides the word.
type declaring struct {
	draft
	from       incident.Incident // the draft an alert opened; zero for none
	detectedBy incident.Detection
}

func (f *Face) showDeclare(w http.ResponseWriter, r *http.Request) error {
	d := declaring{draft: offeredTo(staff.Acting(r.Context()), incident.Outage), detectedBy: incident.ByStaff}
	d.Rehearsal = r.URL.Query().Get("rehearse") == "1"
	d.Fields = incident.DefaultFields(d.Kind, d.NextAt)
	return f.showDeclaring(w, r, http.StatusOK, "base", d, id.Code(r.URL.Query().Get("draft")), nil)
}

// showDeclareAgain is the screen with what was typed and the words that fit what was chosen: the way without a script.
func (f *Face) showDeclareAgain(w http.ResponseWriter, r *http.Request) error {
	d, code, faults, err := f.parseDeclaring(r)
	if err != nil {
		return err
	}
	if r.PostFormValue("again") == "1" {
		d.Title, d.Body = nil, nil
	}
	return f.showDeclaring(w, r, http.StatusOK, "base", d, code, faults)
}

func (f *Face) showDeclarePreview(w http.ResponseWriter, r *http.Request) error {
	d, code, _, err := f.parseDeclaring(r)
	if err != nil {
		return err
	}
	return f.showDeclaring(w, r, http.StatusOK, "part", d, code, nil)
}

func (f *Face) postDeclare(w http.ResponseWriter, r *http.Request) error {
	d, code, faults, err := f.parseDeclaring(r)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return f.showDeclaring(w, r, http.StatusUnprocessableEntity, "base", d, code, faults)
	}
	in, err := f.declaration(r, &d, code)
	if err != nil {
		return err
	}
	i, _, err := f.desk.Declare(r.Context(), in)
	if refusals := ofForm(err); refusals != nil {
		return f.showDeclaring(w, r, http.StatusUnprocessableEntity, "base", d, code, refusals)
	}
	if err != nil {
		return err
	}
	done := "declared"
	if d.Rehearsal {
		done = "rehearsed"
	}
	return back(w, r, "/console/incidents/"+string(i.Code)+"?done="+done)
}

// ofForm are the problems a form shows; nil when err is something else, or nothing.
func ofForm(err error) problem.List {
	for _, p := range problem.All(err) {
		if p.Kind != problem.Invalid && p.Kind != problem.Conflict && p.Kind != problem.TooLarge && p.Kind != problem.TooMany {
			return nil
		}
	}
	return problem.All(err)
}

func (f *Face) parseDeclaring(r *http.Request) (d declaring, code id.Code, faults problem.List, err error) {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return d, "", nil, err
	}
	in := typed(r, s.Zone)
	kind := incident.Kind(in.text("kind"))
	if !slices.Contains(incident.Kinds[:], kind) || kind == incident.Maintenance {
		kind = incident.Outage
	}
	d = declaring{draft: parseDraft(in, kind), detectedBy: incident.Detection(in.text("detected_by"))}
	for _, when := range []string{"started_at", "detected_at", "first_report_at"} {
		in.at(when) // for its faults: the time itself is read with the draft it may come from
	}
	code, _ = id.ParseCode(in.text("draft"))
	return d, code, in.faults, nil
}

// declaration turns the form into what the desk is asked to do, with the words that fit where nobody touched them.
func (f *Face) declaration(r *http.Request, d *declaring, code id.Code) (desk.Declaration, error) {
	var in desk.Declaration
	_, err := f.frame(r, "", "", func(ctx context.Context, tx *store.Tx, s *shell) error {
		all, err := tx.Components.All(ctx)
		if err != nil {
			return err
		}
		if code != "" {
			if d.from, err = tx.Incidents.ByCode(ctx, code); err != nil {
				return err
			}
		}
		// A request that never saw the form says nothing by leaving the text out; a draft is published by one click, in the prepared words.
		if d.Prefilled != "" || code != "" {
			d.followChoice(*s, all)
		}
		t := typed(r, s.Zone)
		in = desk.Declaration{
			Draft: d.from.ID, Kind: d.Kind, Title: d.Title, CannotWork: d.CannotWork, Override: d.Override,
			StartedAt: t.atOr("started_at", d.from.StartedAt), DetectedAt: t.atOr("detected_at", d.from.DetectedAt),
			FirstReportAt: t.at("first_report_at"), DetectedBy: d.detectedBy,
			Audience: d.Audience, Customers: strings.Split(d.Named, "\n"),
			Lead: d.Author, First: d.word(all, incident.DefaultFields(d.offeredKind(), d.Fields.Data.AnswerBy), s.Now),
		}
		if d.Rehearsal {
			in.Visibility = incident.Rehearsal
		}
		return nil
	})
	return in, err
}

// offeredKind is the kind whose defaults the form was drawn with.
func (d declaring) offeredKind() incident.Kind {
	kind, _, _ := strings.Cut(d.Prefilled, "/")
	if kind == "" {
		return incident.Outage
	}
	return incident.Kind(kind)
}

// followChoice puts the prepared words in where nobody wrote their own: an untouched text follows the kind, the impact and what is broken.
// It reports whether any changed.
func (d *declaring) followChoice(s shell, all []component.Component) bool {
	impact, _, _ := harm(s, d.draft, d.from, all)
	title, body := prepared(s, d.draft, impact, all)
	names := make([]string, 0, len(d.Statuses)+1)
	for _, a := range d.affected(all) {
		names = append(names, string(a.Component))
	}
	now := string(d.Kind) + "/" + string(impact) + "/" + strings.Join(names, ",")
	if d.Title == nil {
		d.Title = lang.Text{}
	}
	if d.Body == nil {
		d.Body = lang.Text{}
	}
	first := d.Prefilled == ""
	was := d.preparedFor(s, all)
	changed := false
	for _, tag := range s.Company.Languages {
		changed = follow(d.Title, tag, was.title, title, first) || changed
		changed = follow(d.Body, tag, was.body, body, first) || changed
	}
	d.Prefilled = now
	return changed
}

type preparedWords struct{ title, body lang.Text }

// preparedFor are the words the form was filled with last.
func (d declaring) preparedFor(s shell, all []component.Component) preparedWords {
	part := strings.SplitN(d.Prefilled, "/", 3)
	if len(part) < 3 {
		return preparedWords{}
	}
	was := d.draft
	was.Kind, was.Statuses = incident.Kind(part[0]), map[id.Component]component.Status{}
	for _, c := range strings.Split(part[2], ",") {
		was.Statuses[id.Component(c)] = component.Unknown
	}
	title, body := prepared(s, was, incident.Impact(part[1]), all)
	return preparedWords{title, body}
}

func follow(t lang.Text, tag lang.Tag, was, now lang.Text, first bool) bool {
	if t[tag] == now[tag] || !(first && t[tag] == "" || t[tag] != "" && t[tag] == lines(strings.TrimSpace(was[tag]))) {
		return false
	}
	t[tag] = now[tag]
	return true
}

func (f *Face) showDeclaring(w http.ResponseWriter, r *http.Request, status int, part string, d declaring, code id.Code, faults problem.List) error {
	p := declarePage{Draft: code}
	s, err := f.frame(r, "Declare", "say", func(ctx context.Context, tx *store.Tx, s *shell) error {
		all, err := tx.Components.All(ctx)
		if err != nil {
			return err
		}
		if code != "" {
			if d.from, err = tx.Incidents.ByCode(ctx, code); err != nil {
				return err
			}
			d.take(r)
		}
		if d.Title == nil && d.Body == nil {
			d.Prefilled = ""
		}
		if len(faults) == 0 {
			p.Reworded = d.followChoice(*s, all)
		}
		*s = s.asTyped(r, faults)
		p.view(*s, d, all)
		if p.Preview, err = previewOf(ctx, tx, *s, d.draft, d.from, all); err != nil {
			return err
		}
		if err = f.foresee(ctx, tx, *s, p.Preview, d.draft, d.from, all); err != nil {
			return err
		}
		return f.advise(ctx, tx, *s, p.Preview, d.draft, d.from, all)
	})
	if err != nil {
		return err
	}
	if d.Key != "" {
		s.Key = d.Key
	}
	s.Live = true
	p.shell, p.Word.Part, p.Refusal = s, part == "part", s.all(faults)
	return f.execute(w, status, "declare", part, p)
}

// take fills the screen from a draft that an alert opened, the first time it is shown.
func (d *declaring) take(r *http.Request) {
	if r.Method != http.MethodGet {
		return
	}
	d.Kind, d.Title, d.detectedBy = d.from.Kind, d.from.Title, d.from.DetectedBy
	for _, a := range d.from.Affected {
		d.Statuses[a.Component] = a.Status
	}
}

func (p *declarePage) view(s shell, d declaring, all []component.Component) {
	_, wait, why := harm(s, d.draft, d.from, all)
	p.Word = viewWord(s, d.draft, wait, why)
	p.Word.Titled = true
	p.Affected = affectedRows(s, all, d.draft)
	p.CannotWork = yesNo(s, "cannot_work", "Can customers work at all?", d.CannotWork)
	p.CannotWork.Options[0].Word, p.CannotWork.Options[1].Word = "Yes", "No, not at all"
	kinds := []incident.Kind{incident.Outage, incident.Billing, incident.Data, incident.Security}
	p.Kind = choose(s, "kind", "What sort of trouble", "kind.", kinds, d.Kind)
	p.DetectedBy = choose(s, "detected_by", "Who noticed first", "detected.", incident.Detections[:], d.detectedBy)
	p.Quiet = yesNo(s, "quiet", "Page and feeds only, no mail", d.Silent)
	p.Override = overrideChoice(s, d.Override)
	p.Audience, p.Named = audienceChoice(s, cmp.Or(d.Audience, d.from.Audience)), d.Named
	p.StartedAt = s.moment("started_at", "It broke at", "Empty: now. "+s.ZoneName(), d.from.StartedAt, s.Zone)
	p.DetectedAt = s.moment("detected_at", "We knew at", "Empty: now", d.from.DetectedAt, s.Zone)
	p.FirstReportAt = s.moment("first_report_at", "The first customer told us at", "Empty: nobody did", time.Time{}, s.Zone)
	for field := range s.Errors {
		p.OptionalOpen = p.OptionalOpen || (field != "body" && field != "title" && field != "affected" && field != "next_by" && field != "next_reason")
	}
}

// asTyped makes every line show again what was typed into it, whatever became of it.
func (s shell) asTyped(r *http.Request, faults problem.List) shell {
	s = s.refused(faults)
	if r.Method == http.MethodPost {
		s.typed = r.PostForm
	}
	return s
}

// all are the sentences of a refusal, in order, each once.
func (s shell) all(faults problem.List) (said []string) {
	seen := url.Values{}
	for _, p := range faults {
		sentence := s.Words.T(p.Key, p.Args...)
		if !seen.Has(sentence) {
			seen.Set(sentence, "1")
			said = append(said, sentence)
		}
	}
	return said
}
