package console

import (
	"cmp"
	"net/http"

	"candor/problem"
)

// A signInPage asks who it is.
type signInPage struct {
	shell
	Form signInForm
}

// A signInForm keeps the mail that was typed, and where to go on: one of our own pages.
type signInForm struct{ Mail, To string }

func (f *Face) showSignIn(w http.ResponseWriter, r *http.Request) error {
	if a, err := f.actor(r); err == nil && signedIn(a) {
		return back(w, r, "/console")
	}
	f.renderSignIn(w, r, http.StatusOK, signInForm{To: "/console"}, nil)
	return nil
}

func (f *Face) renderSignIn(w http.ResponseWriter, r *http.Request, status int, form signInForm, said problem.List) {
	s, err := f.frame(r, "Sign in", "", nil)
	if err == nil {
		s.Strip = nil
		if r.Method == http.MethodGet && status == http.StatusUnauthorized {
			said = nil // whoever opens a page is asked, not told off
		}
		err = f.render(w, status, "sign-in", signInPage{s.refused(said), form})
	}
	if err != nil {
		f.unable(w, r, err)
	}
}

func (f *Face) postSignIn(w http.ResponseWriter, r *http.Request) error {
	form := signInForm{Mail: r.PostFormValue("mail"), To: f.place(cmp.Or(r.PostFormValue("to"), "/console"))}
	secret, _, err := f.desk.SignIn(r.Context(), form.Mail, r.PostFormValue("password"), clientIP(r))
	if said := problem.All(err); len(said) > 0 {
		f.renderSignIn(w, r, said[0].Kind.Status(), form, said)
		return nil
	}
	if err != nil {
		return err
	}
	f.setCookie(w, secret)
	return back(w, r, form.To)
}

func (f *Face) postSignOut(w http.ResponseWriter, r *http.Request) error {
	if a, err := f.actor(r); err == nil && signedIn(a) {
		if err := f.desk.SignOut(r.Context()); err != nil {
			return err
		}
	}
	f.dropCookie(w)
	return back(w, r, "/console/sign-in?done=signedout")
}

// A failurePage says what went wrong, and what can be done.
type failurePage struct {
	shell
	Said []string
}

var titles = map[int]string{
	http.StatusForbidden: "This is not yours to do", http.StatusNotFound: "There is nothing here", http.StatusGone: "This link has ended",
	http.StatusConflict: "Somebody was there first", http.StatusTooManyRequests: "Too often",
}

func (f *Face) renderFailure(w http.ResponseWriter, r *http.Request, status int, said problem.List) {
	s, err := f.frame(r, cmp.Or(titles[status], "This did not work"), "", nil)
	if err == nil {
		err = f.render(w, status, "failure", failurePage{s, s.all(said)})
	}
	if err != nil {
		f.unable(w, r, err)
	}
}

// unable is for when not even a page can be made: the database is gone.
func (f *Face) unable(w http.ResponseWriter, r *http.Request, err error) {
	f.log.ErrorContext(r.Context(), "console page failed", "route", r.Pattern, "err", err)
	http.Error(w, "Candor cannot read its database now. Its log says why.", http.StatusServiceUnavailable)
}

func (f *Face) showNowhere(http.ResponseWriter, *http.Request) error {
	return problem.New(problem.NotFound, "problem.not_found")
}
