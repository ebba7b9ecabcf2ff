package site

import (
	"net/http"
	"time"

	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/store"
)

// An effectPage asks one of a sample afterwards whether they got the word. Looking at it answers nothing: machines open every link (B5).
type effectPage struct {
	shell
	Hide     string // the address without the secret
	Title    phrase
	Token    string
	Incident id.Code
	Action   string
	Answers  []effectAnswer
}

type effectAnswer struct {
	Value reach.Answer
	Word  string
}

func (f *Face) askEffect(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		now, token := time.Now(), r.PathValue("token")
		code, ok := id.ParseCode(r.PathValue("code"))
		if !ok {
			return problem.New(problem.NotFound, "problem.link")
		}
		if _, err := f.desk.AskedBy(r.Context(), token, code); err != nil {
			return err
		}
		here, err := f.currentWorld(r.Context(), now)
		if err != nil {
			return err
		}
		reads := f.reader(here, tag, now, f.blindSince(now))
		p := effectPage{shell: f.shell(reads, here, ""), Token: token, Incident: code, Action: reads.home + "effect", Hide: reads.home + "me"}
		p.Canonical, p.NoIndex, p.Status = "", true, ""
		p.titled(reads.T("site.effect.title"))
		for _, a := range reach.Answers {
			p.Answers = append(p.Answers, effectAnswer{a, reads.T("site.effect." + string(a))})
		}
		if err := f.db.Read(r.Context(), func(tx *store.Tx) error {
			i, err := tx.Incidents.ByCode(r.Context(), code)
			p.Title = reads.phrase(i.Title)
			return err
		}); err != nil {
			return err
		}
		body, err := f.templates.execute("effect.html", p)
		if err != nil {
			return err
		}
		newEntry(document{kind: f.kinds.form, body: body}, now).serve(w, r)
		return nil
	}
}

func (f *Face) postEffect(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := parseForm(w, r); err != nil {
			return err
		}
		if err := f.desk.Answer(r.Context(), r.PostForm.Get("token"), codeIn(r, "incident"), reach.Answer(r.PostForm.Get("answer"))); err != nil {
			return err
		}
		http.Redirect(w, r, "/"+tag.Path()+"/effect/thanks", http.StatusSeeOther)
		return nil
	}
}

// thanksRecipe is where an answer leads: without a secret in its address.
func (f *Face) thanksRecipe(at string, tag lang.Tag) *recipe {
	return f.noticeRecipe(at, tag, notice{"site.effect.thanks", "site.effect.thanks.line"})
}
