package console

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/problem"
	"candor/settings"
	"candor/store"
)

// A firstWordsPage is the prepared first word of one situation, in every language.
type firstWordsPage struct {
	shell
	situation
	Word   wordView
	Edited bool
}

func situationOf(r *http.Request) (situation, error) {
	at := situation{incident.Kind(r.PathValue("kind")), incident.Impact(r.PathValue("impact"))}
	if !slices.Contains(prepareable[:], at) {
		return at, problem.New(problem.NotFound, "problem.not_found")
	}
	return at, nil
}

func (f *Face) showFirstWords(w http.ResponseWriter, r *http.Request) error {
	return f.renderFirstWords(w, r, http.StatusOK, nil)
}

func (f *Face) renderFirstWords(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	at, err := situationOf(r)
	if err != nil {
		return err
	}
	p := firstWordsPage{situation: at}
	s, err := f.frame(r, "First word", "", func(_ context.Context, _ *store.Tx, s *shell) error {
		d := offeredTo(s.Actor, at.Kind)
		own, edited := s.Company.Templates[at.name()]
		d.Title, d.Body = own.Title, own.Body
		if !edited {
			d.Title, d.Body = raw(*s, at)
		}
		if r.Method == http.MethodPost {
			in := typed(r, s.Zone)
			d.Title, d.Body = in.texts("title"), in.texts("body")
		}
		p.Edited = edited
		p.Word = wordView{Titled: true, Tabs: tabs(*s, d)}
		return nil
	})
	if err != nil {
		return err
	}
	p.shell = s.asTyped(r, faults)
	return f.render(w, status, "first-words", p)
}

// raw is our own text with its placeholders standing: what is filled in later is shown by its name.
func raw(s shell, at situation) (title, body lang.Text) {
	c := s.Company
	c.Company, c.Templates = "{company}", nil
	title, body = lang.Text{}, lang.Text{}
	for _, tag := range s.Company.Languages {
		title[tag], body[tag] = playbook.FirstWord(c, at.Kind, at.Impact, tag, []string{"{components}"})
	}
	return title, body
}

func (f *Face) postFirstWords(w http.ResponseWriter, r *http.Request) error {
	at, err := situationOf(r)
	if err != nil {
		return err
	}
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	chosen := s.Company
	chosen.Templates = maps.Clone(chosen.Templates)
	if chosen.Templates == nil {
		chosen.Templates = map[string]settings.Template{}
	}
	chosen.Templates[at.name()] = settings.Template{Title: in.texts("title"), Body: in.texts("body")}
	if in.checked("reset") {
		delete(chosen.Templates, at.name())
	}
	version, _ := strconv.ParseInt(in.text("version"), 10, 64)
	err = f.desk.SaveSettings(r.Context(), chosen, version)
	if refusals := ofForm(err); refusals != nil {
		return f.renderFirstWords(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/settings?done=kept#first")
}
