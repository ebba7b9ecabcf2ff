package site

import (
	"context"
	"net/http"
	"time"

	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/store"
)

// A callPage is where anybody may leave a number during an incident (S0): a person of ours calls.
type callPage struct {
	shell
	Heading phrase
	Href    string
	Action  string
	Form    numberForm
}

// A numberForm is what was typed, and what was wrong with it, by field.
type numberForm struct {
	Name, Phone, About                     string
	Tongues                                []languageLink
	NameError, PhoneError, AboutError, Any string
}

func (f *Face) callAt(r *http.Request, at string, tag lang.Tag) (*recipe, error) {
	code, ok := id.ParseCode(r.PathValue("code"))
	if !ok {
		return nil, errNoPage
	}
	return f.callRecipe(at+"incidents/"+string(code)+"/call", tag, code), nil
}

// calledAt is the page after the form. It holds nothing about anybody.
func (f *Face) calledAt(r *http.Request, at string, tag lang.Tag) (*recipe, error) {
	code, ok := id.ParseCode(r.PathValue("code"))
	if !ok {
		return nil, errNoPage
	}
	x := f.noticeRecipe(at+"incidents/"+string(code)+"/called", tag, notice{"site.call.taken", "site.call.taken.line"})
	x.load = func(ctx context.Context, tx *store.Tx, w *world) (any, []string, error) {
		s, err := w.loadStory(ctx, tx, code)
		return nil, []string{incidentTopic + string(s.ID)}, err
	}
	return x, nil
}

func (f *Face) callRecipe(at string, tag lang.Tag, code id.Code) *recipe {
	return &recipe{
		path: at, tag: tag,
		topics: []string{topicPeople, topicComponents},
		load: func(ctx context.Context, tx *store.Tx, w *world) (any, []string, error) {
			s, err := w.loadStory(ctx, tx, code)
			if err == nil && !(w.calls && s.under()) {
				err = problem.New(problem.Gone, "problem.number.over")
			}
			return s, []string{incidentTopic + string(s.ID)}, err
		},
		write: func(w *world, facts any, now, blind time.Time) (document, error) {
			p := f.callPage(f.reader(w, tag, now, blind), w, facts.(story))
			return f.page("call.html", p, "")
		},
	}
}

func (f *Face) callPage(r reader, w *world, s story) callPage {
	path := "incidents/" + string(s.Code) + "/call"
	p := callPage{shell: f.shell(r, w, path), Heading: r.phrase(s.Title), Href: r.incidentPath(s.Code), Action: r.home + path}
	p.Stale, p.NoIndex = r.blindness(), true
	p.Status = string(s.mark())
	for _, t := range w.languages() {
		p.Form.Tongues = append(p.Form.Tongues, languageLink{Tag: string(t), Name: t.Name(), Current: t == r.Tag()})
	}
	p.titled(r.T("site.call"))
	return p
}

// postNumber answers the same for a customer's number and a stranger's (B13). A refused form comes back with what was typed.
func (f *Face) postNumber(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := f.isSpoken(r); err != nil {
			return err
		}
		if err := parseForm(w, r); err != nil {
			return err
		}
		here, err := f.publishedWorld(r.Context(), time.Now())
		if err != nil {
			return err
		}
		code, ok := id.ParseCode(r.PathValue("code"))
		if !ok {
			return errNoPage
		}
		err = f.desk.LeaveNumber(r.Context(), desk.NumberLeft{
			Incident: code, Name: r.PostForm.Get("name"), Phone: r.PostForm.Get("phone"), Language: lang.Tag(r.PostForm.Get("language")),
			About: r.PostForm.Get("about"), IP: addressOf(r), Honeypot: r.PostForm.Get("website"),
		})
		if all := problem.All(err); len(all) > 0 && (all[0].Field != "" || all[0].Kind == problem.TooMany) {
			return f.refuseNumber(w, r, here, tag, code, all)
		}
		if err != nil {
			return err
		}
		http.Redirect(w, r, "/"+tag.Path()+"/incidents/"+string(code)+"/called", http.StatusSeeOther)
		return nil
	}
}

func (f *Face) refuseNumber(w http.ResponseWriter, r *http.Request, here *world, tag lang.Tag, code id.Code, faults problem.List) error {
	now := time.Now()
	var s story
	err := f.db.Read(r.Context(), func(tx *store.Tx) (err error) {
		s, err = here.loadStory(r.Context(), tx, code)
		return err
	})
	if err != nil {
		return err
	}
	page := f.callPage(f.reader(here, tag, now, f.blindSince(now)), here, s)
	page.Canonical = ""
	page.Form.Name, page.Form.Phone, page.Form.About = r.PostForm.Get("name"), r.PostForm.Get("phone"), r.PostForm.Get("about")
	for _, p := range faults {
		words := page.T(p.Key, p.Args...)
		switch p.Field {
		case "name":
			page.Form.NameError = words
		case "phone":
			page.Form.PhoneError = words
		case "about":
			page.Form.AboutError = words
		default:
			page.Form.Any = words
		}
	}
	for n := range page.Form.Tongues {
		page.Form.Tongues[n].Current = page.Form.Tongues[n].Tag == r.PostForm.Get("language")
	}
	body, err := f.templates.execute("call.html", page)
	if err != nil {
		return err
	}
	newEntry(document{status: faults[0].Kind.Status(), kind: f.kinds.form, body: body}, now).serve(w, r)
	return nil
}
