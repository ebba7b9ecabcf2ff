package console

import (
	"net/http"

	"candor/problem"
	"candor/staff"
)

// A profilePage is the acting person's own.
type profilePage struct {
	shell
	Form          personForm
	Current, Next input
	Mail, Proof   input // for another address to sign in with
}

func (f *Face) showProfile(w http.ResponseWriter, r *http.Request) error {
	return f.renderProfile(w, r, http.StatusOK, staff.Acting(r.Context()).Person, nil)
}

func (f *Face) renderProfile(w http.ResponseWriter, r *http.Request, status int, p staff.Person, faults problem.List) error {
	s, err := f.frame(r, "You", "", nil)
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	page := profilePage{shell: s, Form: s.personForm(p)}
	page.Current = s.input("current", "password", "Current password", "", "")
	page.Next = s.input("password", "password", "New password", "12 characters or more", "")
	page.Current.Auto, page.Next.Auto = "current-password", "new-password"
	page.Mail = s.input("mail", "email", "Mail for signing in", "Reminders go there. Customers do not see it", s.Actor.Person.Mail)
	page.Proof = s.input("proof", "password", "Your password", "", "")
	page.Proof.Auto = "current-password"
	return f.render(w, status, "profile", page)
}

func (f *Face) postProfile(w http.ResponseWriter, r *http.Request) error {
	me := staff.Acting(r.Context()).Person
	form, err := f.parsePerson(r)
	form.Mail, form.Roles = me.Mail, nil // neither is asked for here
	if err == nil {
		err = f.desk.ChangePerson(r.Context(), me.ID, form)
	}
	if refusals := ofForm(err); refusals != nil {
		return f.renderProfile(w, r, http.StatusUnprocessableEntity, shown(me, form), refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/profile?done=kept")
}

func (f *Face) postPassword(w http.ResponseWriter, r *http.Request) error {
	err := f.desk.ChangePassword(r.Context(), r.PostFormValue("current"), r.PostFormValue("password"))
	if refusals := ofForm(err); refusals != nil {
		return f.renderProfile(w, r, http.StatusUnprocessableEntity, staff.Acting(r.Context()).Person, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/profile?done=password")
}

func (f *Face) postMail(w http.ResponseWriter, r *http.Request) error {
	err := f.desk.ChangeMail(r.Context(), r.PostFormValue("proof"), r.PostFormValue("mail"))
	if refusals := ofForm(err); refusals != nil {
		for _, p := range refusals {
			if p.Field == "current" {
				p.Field = "proof" // this form has its own
			}
		}
		return f.renderProfile(w, r, http.StatusUnprocessableEntity, staff.Acting(r.Context()).Person, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/profile?done=kept")
}
