package console

import (
	"context"
	"net/http"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/store"
)

// A correctPage is where an update is corrected in the open.
type correctPage struct {
	shell
	Incident incident.Incident
	Update   id.Code
	At       time.Time
	Word     wordView
	Advice   adviceView
	Reason   input
	Notify   bool
	Refusal  []string
}

// Asked is the one more click that a contradiction costs.
func (p correctPage) Asked() asked { return asked{p.Word.Part, p.Advice} }

// A blackOutPage is where words are taken out of an update.
type blackOutPage struct {
	shell
	Incident incident.Incident
	Update   id.Code
	At       time.Time
	Texts    []tab
	Language choice
	Typed    string
	Reason   choice
	Note     input
	Refusal  []string
}

var blackoutWords = map[incident.BlackoutReason]string{
	incident.Secret: "a secret", incident.PersonalData: "personal data", incident.CourtOrder: "a court’s order",
}

// updateOf is the update of the address, which must be one of the incident's.
func updateOf(ctx context.Context, tx *store.Tx, r *http.Request) (i incident.Incident, u incident.Update, err error) {
	if i, err = tx.Incidents.ByCode(ctx, codeOf(r)); err != nil {
		return i, u, err
	}
	if u, err = tx.Updates.ByCode(ctx, parsedCode(r.PathValue("update"))); err == nil && u.Incident != i.ID {
		err = store.ErrNotFound
	}
	return i, u, err
}

func (f *Face) readUpdate(r *http.Request) (i incident.Incident, u incident.Update, err error) {
	err = f.db.Read(r.Context(), func(tx *store.Tx) error {
		i, u, err = updateOf(r.Context(), tx, r)
		return err
	})
	return i, u, err
}

func (f *Face) showCorrect(w http.ResponseWriter, r *http.Request) error {
	return f.renderCorrect(w, r, http.StatusOK, "base", nil)
}

// showCorrectAdvice is what a careful colleague says of the correction so far.
func (f *Face) showCorrectAdvice(w http.ResponseWriter, r *http.Request) error {
	return f.renderCorrect(w, r, http.StatusOK, partOf(r), nil)
}

func (f *Face) renderCorrect(w http.ResponseWriter, r *http.Request, status int, part string, faults problem.List) error {
	p := correctPage{Notify: true}
	s, err := f.frame(r, "Correct", "say", func(ctx context.Context, tx *store.Tx, s *shell) error {
		i, u, err := updateOf(ctx, tx, r)
		if err != nil {
			return err
		}
		d := offeredTo(s.Actor, i.Kind)
		d.Body = u.Body
		if r.Method == http.MethodPost {
			in := typed(r, s.Zone)
			d.Body, d.Tab, p.Notify, d.Anyway = in.texts("body"), lang.Tag(in.text("tab")), in.checked("notify"), in.text("anyway")
		}
		p.Incident, p.Update, p.At = i, u.Code, u.At
		p.Word = wordView{Tabs: tabs(*s, d), Part: part == "part"}
		findings, err := f.desk.ReviewCorrection(ctx, tx, s.Company, i, u, d.Body, nil)
		p.Advice = advising(*s, findings)
		p.Advice.Confirmed = p.Advice.Confirm != "" && p.Advice.Confirm == d.Anyway
		return err
	})
	if err != nil {
		return err
	}
	p.shell, p.Refusal = s.asTyped(r, faults), s.all(faults)
	p.Live = true
	p.Reason = p.input("reason", "text", "Why", "Customers read it beside the correction", "")
	return f.execute(w, status, "correct", part, p)
}

func (f *Face) postCorrect(w http.ResponseWriter, r *http.Request) error {
	i, u, err := f.readUpdate(r)
	if err != nil {
		return err
	}
	in := typed(r, nil)
	err = f.desk.Correct(r.Context(), u.ID, desk.Correction{Body: in.texts("body"), Reason: in.text("reason"), Notify: in.checked("notify"), Ask: true, Confirmed: in.text("anyway")})
	if refusals := ofForm(err); refusals != nil {
		return f.renderCorrect(w, r, http.StatusUnprocessableEntity, "base", refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, incidentPath(i.Code)+"?done=corrected#"+string(u.Code))
}

func (f *Face) showBlackOut(w http.ResponseWriter, r *http.Request) error {
	return f.renderBlackOut(w, r, http.StatusOK, nil)
}

func (f *Face) renderBlackOut(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	var p blackOutPage
	s, err := f.frame(r, "Black out", "say", func(ctx context.Context, tx *store.Tx, s *shell) error {
		i, u, err := updateOf(ctx, tx, r)
		if err != nil {
			return err
		}
		p.Incident, p.Update, p.At = i, u.Code, u.At
		for _, tag := range lang.All() {
			if u.Body[tag] != "" {
				p.Texts = append(p.Texts, tab{Tag: tag, Name: tag.Name(), Body: u.Body[tag]})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.shell, p.Refusal = s.asTyped(r, faults), s.all(faults)
	p.Typed = r.PostFormValue("words")
	written := make([]lang.Tag, len(p.Texts))
	for n, t := range p.Texts {
		written[n] = t.Tag
	}
	p.Language = languageChoice(p.shell, "language", "They stand in", written, lang.Tag(p.typed.Get("language")))
	p.Reason = choice{Name: "reason", Legend: "Why", Fault: p.Err("reason")}
	for _, reason := range incident.BlackoutReasons {
		p.Reason.Options = append(p.Reason.Options, option{string(reason), blackoutWords[reason], p.typed.Get("reason") == string(reason)})
	}
	p.Note = p.input("note", "text", "Note", "Stays readable: name no secret here", "")
	return f.render(w, status, "blackout", p)
}

func (f *Face) postBlackOut(w http.ResponseWriter, r *http.Request) error {
	i, u, err := f.readUpdate(r)
	if err != nil {
		return err
	}
	in := typed(r, nil)
	err = f.desk.BlackOut(r.Context(), u.ID, desk.BlackingOut{
		Language: lang.Tag(in.text("language")), Words: splitLines(r.PostFormValue("words")),
		Reason: incident.BlackoutReason(in.text("reason")), Note: in.text("note"),
	})
	if refusals := ofForm(err); refusals != nil {
		return f.renderBlackOut(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, incidentPath(i.Code)+"?done=blackedout#"+string(u.Code))
}
