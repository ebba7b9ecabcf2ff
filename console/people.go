package console

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/staff"
	"candor/store"
)

// A peoplePage lists the named humans.
type peoplePage struct {
	shell
	People []staff.Person
	Tree   staff.Tree
}

func (f *Face) showPeople(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "People", "", nil)
	if err != nil {
		return err
	}
	return f.render(w, http.StatusOK, "people", peoplePage{s, s.everybody(), staff.TreeOf(s.everybody())})
}

// A personPage is the form of one.
type personPage struct {
	shell
	ID     id.Person
	Active bool
	Form   personForm
}

// A personForm is what is asked about a person.
type personForm struct {
	Mail, Name              input
	Titles                  []input
	PublicMail, PublicPhone input
	Mobile                  input
	Under, Deputy           choice
	Language                choice
	Roles                   []option
	Photo                   string
}

func (s shell) personForm(p staff.Person) personForm {
	form := personForm{
		Mail:        s.input("mail", "email", "Mail for signing in", "Not shown to customers", p.Mail),
		Name:        s.input("name", "text", "Name", "", p.Name),
		PublicMail:  s.input("public_mail", "email", "Public mail", "Customers may write to it. It may be a desk’s", p.PublicMail),
		PublicPhone: s.input("public_phone", "tel", "Public phone", "With country code", p.PublicPhone),
		Mobile:      s.input("mobile", "tel", "Mobile", "To be called in by text message. Not shown to customers", p.Mobile),
		Under:       s.placeChoice("under", "Called in by", p, p.Under, "An owner, or Candor alone"),
		Deputy:      s.placeChoice("deputy", "If they do not answer, their people are called by", p, p.Deputy, "The nearest above who is on"),
		Language:    languageChoice(s, "language", "Language", lang.All(), cmp.Or(p.Language, lang.English)),
		Photo:       p.Photo,
	}
	for _, tag := range s.Company.Languages {
		title := s.input("title."+string(tag), "text", "Title", tag.Name(), p.Title[tag])
		title.Fault.Said = append(title.Fault.Said, s.Errors["title"]...)
		form.Titles = append(form.Titles, title)
	}
	for _, role := range staff.Roles {
		form.Roles = append(form.Roles, option{Value: string(role), Word: s.RoleWord(role), Chosen: p.Has(role)})
	}
	return form
}

// placeChoice is a place in the tree by which everybody is called in.
func (s shell) placeChoice(name, legend string, p staff.Person, chosen id.Person, otherwise string) choice {
	others := slices.DeleteFunc(s.everybody(), func(other staff.Person) bool { return other.ID == p.ID })
	c := peopleChoice(s, name, legend, others, cmp.Or(s.typed.Get(name), string(chosen)))
	c.Options = append([]option{{Word: otherwise, Chosen: chosen == ""}}, c.Options...)
	c.Fault.Said = append(c.Fault.Said, s.Errors["tree"]...)
	return c
}

func (f *Face) parsePerson(r *http.Request) (desk.PersonForm, error) {
	in := typed(r, nil)
	form := desk.PersonForm{
		Name: in.text("name"), Title: in.texts("title"), PublicMail: in.text("public_mail"), PublicPhone: in.text("public_phone"),
		Mail: in.text("mail"), Language: lang.Tag(in.text("language")), NoPhoto: in.checked("no_photo"),
	}
	if in.r.PostForm.Has("mobile") {
		mobile := in.text("mobile")
		form.Mobile = &mobile
	}
	if in.r.PostForm.Has("under") { // only who manages people is asked
		form.Tree = &staff.Place{Under: in.person("under"), Deputy: in.person("deputy")}
	}
	for _, role := range in.all("role[]") {
		form.Roles = append(form.Roles, staff.Role(role))
	}
	var err error
	form.Photo, err = in.file("photo")
	return form, err
}

// shown is the person a refused form shows: as typed.
func shown(p staff.Person, in desk.PersonForm) staff.Person {
	p.Name, p.Title, p.PublicMail, p.PublicPhone, p.Language = in.Name, in.Title, in.PublicMail, in.PublicPhone, in.Language
	if in.Mobile != nil {
		p.Mobile = *in.Mobile
	}
	if in.Tree != nil {
		p.Under, p.Deputy = in.Tree.Under, in.Tree.Deputy
	}
	if in.Roles != nil {
		p.Roles = in.Roles
	}
	return p
}

func personOf(r *http.Request) (id.Person, error) {
	p, err := id.Parse[id.Person](r.PathValue("person"))
	if err != nil {
		return "", problem.New(problem.NotFound, "problem.not_found")
	}
	return p, nil
}

func (f *Face) showNewPerson(w http.ResponseWriter, r *http.Request) error {
	return f.renderPerson(w, r, http.StatusOK, "", &desk.PersonForm{Roles: []staff.Role{staff.Communicator}}, nil)
}

func (f *Face) showPerson(w http.ResponseWriter, r *http.Request) error {
	p, err := personOf(r)
	if err != nil {
		return err
	}
	return f.renderPerson(w, r, http.StatusOK, p, nil, nil)
}

func (f *Face) renderPerson(w http.ResponseWriter, r *http.Request, status int, who id.Person, form *desk.PersonForm, faults problem.List) error {
	var p staff.Person
	s, err := f.frame(r, "Person", "", func(ctx context.Context, tx *store.Tx, _ *shell) (err error) {
		if who != "" {
			p, err = tx.People.ByID(ctx, who)
		}
		return err
	})
	if err != nil {
		return err
	}
	if form != nil {
		p = shown(p, *form)
	}
	s = s.asTyped(r, faults)
	return f.render(w, status, "person", personPage{shell: s, ID: who, Active: p.Active(), Form: s.personForm(p)})
}

func (f *Face) postNewPerson(w http.ResponseWriter, r *http.Request) error {
	form, err := f.parsePerson(r)
	if err == nil {
		_, err = f.desk.AddPerson(r.Context(), form)
	}
	return f.afterPerson(w, r, "", form, err, "invited")
}

func (f *Face) postPerson(w http.ResponseWriter, r *http.Request) error {
	who, err := personOf(r)
	if err != nil {
		return err
	}
	form, err := f.parsePerson(r)
	if form.Roles == nil {
		form.Roles = []staff.Role{} // nothing ticked is no role, not "as it was"
	}
	if err == nil {
		err = f.desk.ChangePerson(r.Context(), who, form)
	}
	return f.afterPerson(w, r, who, form, err, "kept")
}

func (f *Face) afterPerson(w http.ResponseWriter, r *http.Request, who id.Person, form desk.PersonForm, err error, done string) error {
	if refusals := ofForm(err); refusals != nil {
		return f.renderPerson(w, r, http.StatusUnprocessableEntity, who, &form, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/people?done="+done)
}

func (f *Face) postDisable(w http.ResponseWriter, r *http.Request) error {
	return f.onPerson(w, r, f.desk.DisablePerson, "disabled")
}

func (f *Face) postEnable(w http.ResponseWriter, r *http.Request) error {
	return f.onPerson(w, r, f.desk.EnablePerson, "enabled")
}

func (f *Face) postInvite(w http.ResponseWriter, r *http.Request) error {
	return f.onPerson(w, r, func(ctx context.Context, p id.Person) error {
		_, err := f.desk.ResetLink(ctx, p)
		return err
	}, "linked")
}

func (f *Face) onPerson(w http.ResponseWriter, r *http.Request, act func(context.Context, id.Person) error, done string) error {
	p, err := personOf(r)
	if err != nil {
		return err
	}
	if err := act(r.Context(), p); err != nil {
		return err
	}
	return back(w, r, "/console/people?done="+done)
}
