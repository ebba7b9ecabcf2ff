package site

import (
	"net/http"
	"time"

	"candor/audience"
	"candor/lang"
)

// A linkPage is what a mailed link opens. Looking changes nothing, since scanners and previews look at every link there is (B5); the
// form's button acts. It is never stored, sends no referrer, and the script takes the secret out of the address bar (B14).
type linkPage struct {
	shell
	Heading string
	Lines   []string
	Action  string
	Token   string
	Button  string
	Choices []choice
	Tongues []languageLink
	Every   bool
	Hide    string // the address without the secret
	Second  *secondForm
}

type secondForm struct{ Action, Token, Button string }

func (f *Face) linkPage(r reader, w *world, verb, token string) linkPage {
	p := linkPage{
		shell:   f.shell(r, w, ""),
		Heading: r.T("site.link." + verb),
		Action:  r.home + verb,
		Token:   token,
		Button:  r.T("site.link." + verb + ".button"),
		Hide:    r.home + verb,
	}
	p.Canonical, p.NoIndex, p.Status = "", true, ""
	p.titled(p.Heading)
	return p
}

func (f *Face) askConfirm(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.ask(tag, "confirm", audience.ToConfirm, func(p *linkPage, r reader, _ *world, c audience.Contact) {
		p.Lines = []string{r.T("site.link.confirm.line", "address", c.Address.Masked())}
	})
}

func (f *Face) askManage(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.ask(tag, "manage", audience.ToManage, func(p *linkPage, r reader, w *world, c audience.Contact) {
		p.Lines = []string{r.T("site.link.manage.line", "address", c.Address.Masked())}
		p.Choices = r.choices(w, c.Components)
		p.Every = c.EveryUpdate
		for _, t := range w.languages() {
			p.Tongues = append(p.Tongues, languageLink{Tag: string(t), Name: t.Name(), Current: t == c.Language})
		}
		p.Second = &secondForm{Action: r.home + "unsubscribe", Token: p.Token, Button: r.T("site.link.unsubscribe.button")}
	})
}

func (f *Face) askUnsubscribeIn(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.ask(tag, "unsubscribe", audience.ToUnsubscribe, func(p *linkPage, r reader, _ *world, c audience.Contact) {
		p.Lines = []string{r.T("site.link.unsubscribe.line", "address", c.Address.Masked())}
	})
}

// askUnsubscribe is the address of the one-click header when a person opens it: the same page, in the company's language.
func (f *Face) askUnsubscribe(w http.ResponseWriter, r *http.Request) error {
	here, err := f.currentWorld(r.Context(), time.Now())
	if err != nil {
		return err
	}
	return f.askUnsubscribeIn(here.languages()[0])(w, r)
}

func (f *Face) ask(tag lang.Tag, verb string, p audience.Purpose, fill func(*linkPage, reader, *world, audience.Contact)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		now := time.Now()
		token := r.PathValue("token")
		contact, err := f.desk.ContactByToken(r.Context(), p, token)
		if err != nil {
			return err
		}
		here, err := f.currentWorld(r.Context(), now)
		if err != nil {
			return err
		}
		reads := f.reader(here, tag, now, f.blindSince(now))
		page := f.linkPage(reads, here, verb, token)
		fill(&page, reads, here, contact)
		if p == audience.ToManage && contact.Channel == audience.Webhook {
			secret, err := f.desk.HookSecret(r.Context(), contact)
			if err != nil {
				return err
			}
			page.Lines = append(page.Lines, reads.T("site.hook.secret", "secret", secret))
		}
		body, err := f.templates.execute("link.html", page)
		if err != nil {
			return err
		}
		newEntry(document{kind: f.kinds.form, body: body}, now).serve(w, r)
		return nil
	}
}

func (f *Face) postConfirm(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.act(tag, "confirmed", func(r *http.Request, _ *world) error {
		_, err := f.desk.Confirm(r.Context(), r.PostForm.Get("token"))
		return err
	})
}

func (f *Face) postManage(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.act(tag, "changed", func(r *http.Request, w *world) error {
		in := w.subscription(r, lang.Tag(r.PostForm.Get("language")))
		if !in.Language.Known() {
			in.Language = tag
		}
		_, err := f.desk.ChangeSubscription(r.Context(), r.PostForm.Get("token"), in)
		return err
	})
}

func (f *Face) postUnsubscribe(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.act(tag, "ended", func(r *http.Request, _ *world) error {
		_, err := f.desk.Unsubscribe(r.Context(), r.PostForm.Get("token"))
		return err
	})
}

// act runs what a form asks and leads to a page without a secret in its address.
func (f *Face) act(tag lang.Tag, then string, do func(*http.Request, *world) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := parseForm(w, r); err != nil {
			return err
		}
		here, err := f.currentWorld(r.Context(), time.Now())
		if err != nil {
			return err
		}
		if err := do(r, here); err != nil {
			return err
		}
		http.Redirect(w, r, "/"+tag.Path()+"/subscribe/"+then, http.StatusSeeOther)
		return nil
	}
}

// postOneClick is RFC 8058: the mailbox provider posts on the person's behalf, with the secret in the address and nothing but
// List-Unsubscribe=One-Click in the body. Without that line a stray POST changes nothing.
func (f *Face) postOneClick(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(w, r); err != nil {
		return err
	}
	token := r.PathValue("token")
	if r.PostForm.Get("List-Unsubscribe") != "One-Click" {
		return errNoPage
	}
	if _, err := f.desk.Unsubscribe(r.Context(), token); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", noStore)
	h.Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	return nil
}
