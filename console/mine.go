package console

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"candor/lang"
	"candor/problem"
	"candor/store"
)

// A minePage guides whoever starts: five things, and the page is theirs.
type minePage struct {
	shell
	Steps         []step
	CompanyName   input
	MailURL, From input
	Zones         zones
	Languages     []option
	Existing      string
	Typed         string
	PublicURL     string
}

// A step is one thing to do, and how it stands.
type step struct {
	What, State, Link string
	Done              bool
}

func (f *Face) showMine(w http.ResponseWriter, r *http.Request) error {
	return f.renderMine(w, r, http.StatusOK, nil)
}

func (f *Face) renderMine(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	p := minePage{PublicURL: f.public.String() + "/"}
	s, err := f.frame(r, "Make it yours", "", func(ctx context.Context, tx *store.Tx, s *shell) error {
		all, err := tx.Components.All(ctx)
		if err != nil {
			return err
		}
		var names []string
		for _, c := range tree(all) {
			names = append(names, s.In(c.Name))
		}
		p.Existing = strings.Join(names, ", ")
		test, err := lastTest(ctx, tx, *s)
		p.steps(*s, len(names), test)
		return err
	})
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	shown := s.Company.Masked()
	p.shell = s
	p.CompanyName = s.input("company", "text", "Company", "As customers know it", shown.Company)
	p.MailURL = s.input("mail.url", "text", "Mail server", "smtp://user:password@host:587. Empty: letters stay in the outbox", shown.Mail.URL)
	p.From = s.input("mail.from", "email", "From", "Address the letters come from", shown.Mail.From)
	p.Zones, p.Languages = s.zones(shown.Zone), languageOptions(shown.Languages)
	p.Typed = s.typed.Get("components")
	return f.render(w, status, "mine", p)
}

func (p *minePage) steps(s shell, components int, test *testResult) {
	me := s.Actor.Person
	card := step{What: "Your card", Link: "/console/profile", Done: me.Reachable() && !me.Title.Empty(), State: "Name, title, and how customers reach you"}
	mail := step{What: "A mail server, and a test", Link: "/console/settings#test", State: "Without one, letters stay in the outbox"}
	if test != nil {
		mail.Done, mail.State = test.Good, test.Said
	}
	p.Steps = []step{
		{What: "Company, languages, zone", Done: s.Company.Company != "", State: "Over the page and in every mail"},
		{What: "What customers use", Done: components > 0, State: s.Count(int64(components)) + " there"},
		card, mail,
		{What: "Publish the page", Done: s.Company.Published, State: "Until then only staff see it"},
	}
}

// postMine keeps what was typed, in one go: a refusal keeps nothing of it but shows it all again.
func (f *Face) postMine(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	chosen := s.Company
	chosen.Company, chosen.Zone = in.text("company"), in.text("zone")
	chosen.Languages = chooseLanguages(in.all("language[]"), chosen.Default())
	chosen.Mail.URL, chosen.Mail.From = in.text("mail.url"), in.text("mail.from")
	version, _ := strconv.ParseInt(in.text("version"), 10, 64)
	err = f.desk.SaveSettings(r.Context(), chosen, version)
	if err == nil {
		err = f.addNamed(r.Context(), in.text("components"), chosen.Default())
	}
	if refusals := ofForm(err); refusals != nil {
		return f.renderMine(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/mine?done=kept")
}

// addNamed adds a component per line, except those that are there: a form sent twice adds nothing twice.
func (f *Face) addNamed(ctx context.Context, text string, tag lang.Tag) error {
	there := map[string]bool{}
	err := f.db.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Components.All(ctx)
		for _, c := range all {
			if c.ArchivedAt.IsZero() {
				there[c.Name[tag]] = true
			}
		}
		return err
	})
	for _, form := range named(text, tag) {
		if err != nil || there[form.Name[tag]] {
			continue
		}
		there[form.Name[tag]] = true
		_, err = f.desk.AddComponent(ctx, form)
	}
	return err
}

func (f *Face) postPublishPage(w http.ResponseWriter, r *http.Request) error {
	err := f.desk.PublishPage(r.Context(), true)
	if refusals := ofForm(err); refusals != nil {
		return f.renderMine(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/mine?done=published")
}
