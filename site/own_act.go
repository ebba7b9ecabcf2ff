package site

import (
	"net/http"

	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
)

// lostRecipe stands where the script leaves a page of one's own: its secret is in the letter, not in the history of the browser.
func (f *Face) lostRecipe(at string, tag lang.Tag) *recipe {
	return f.noticeRecipe(at, tag, notice{"site.me.lost", "site.me.lost.line"})
}

// postLook opens the page again, where its address has lost the secret.
func (f *Face) postLook(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.byOwner(tag, func(r *http.Request, token string) error {
		_, err := f.desk.OwnerByToken(r.Context(), token)
		return err
	})
}

func (f *Face) postAcknowledge(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.byOwner(tag, func(r *http.Request, token string) error {
		return f.desk.Acknowledge(r.Context(), token, codeIn(r, "incident"))
	})
}

func (f *Face) postCall(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.byOwner(tag, func(r *http.Request, token string) error {
		return f.desk.AskForCall(r.Context(), token, desk.CallWish{
			Incident: codeIn(r, "incident"), Contact: codeIn(r, "number"), Phone: r.PostForm.Get("phone"),
		})
	})
}

func (f *Face) postChannel(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.byOwner(tag, func(r *http.Request, token string) error {
		switch r.PostForm.Get("act") {
		case "stop":
			return f.desk.StopChannel(r.Context(), token, codeIn(r, "channel"))
		case "resume":
			return f.desk.ResumeChannel(r.Context(), token, codeIn(r, "channel"))
		}
		return problem.New(problem.Invalid, "problem.form")
	})
}

// postLanguage changes the language of what we send, and of the page.
func (f *Face) postLanguage(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := parseForm(w, r); err != nil {
			return err
		}
		then, chosen := tag, lang.Tag(r.PostForm.Get("language"))
		if chosen.Known() {
			then = chosen
		}
		return f.byOwner(then, func(r *http.Request, token string) error { return f.desk.Speak(r.Context(), token, chosen) })(w, r)
	}
}

// codeIn is a public name in a form; what is none names nothing.
func codeIn(r *http.Request, field string) id.Code {
	code, _ := id.ParseCode(r.PostForm.Get(field))
	return code
}

// byOwner runs what a form on a page of one's own asks and leads back to it. The token comes with the form: an address alone does nothing.
func (f *Face) byOwner(tag lang.Tag, do func(r *http.Request, token string) error) func(http.ResponseWriter, *http.Request) error {
	return f.byOwnerTo(tag, func(r *http.Request, token string) (string, error) { return "", do(r, token) })
}

// byOwnerTo is byOwner where the page is opened at a part of it.
func (f *Face) byOwnerTo(tag lang.Tag, do func(r *http.Request, token string) (part string, err error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := parseForm(w, r); err != nil {
			return err
		}
		token := r.PostForm.Get("token")
		part, err := do(r, token)
		if all := problem.All(err); len(all) > 0 && all[0].Kind != problem.NotFound {
			return f.serveOwn(w, r, tag, token, all[0])
		}
		if err != nil {
			return err
		}
		w.Header().Set("Cache-Control", noStore)
		w.Header().Set("Referrer-Policy", "no-referrer")
		http.Redirect(w, r, "/"+tag.Path()+"/me/"+token+part, http.StatusSeeOther) // a token that opened something holds nothing but its alphabet
		return nil
	}
}
