package site

import (
	"net/http"
	"time"

	"candor/lang"
	"candor/problem"
)

// postSubscribe answers the same for an address we know and one we do not (B13). A refused form comes back with what was typed.
func (f *Face) postSubscribe(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := f.isSpoken(r); err != nil {
			return err
		}
		if err := parseForm(w, r); err != nil {
			return err
		}
		now := time.Now()
		here, err := f.publishedWorld(r.Context(), now)
		if err != nil {
			return err
		}
		in := here.subscription(r, tag)
		_, err = f.desk.Subscribe(r.Context(), in)
		if p := problem.All(err); len(p) > 0 && p[0].Field != "" {
			return f.refuseSubscription(w, r, here, tag, p[0])
		}
		if err != nil {
			return err
		}
		http.Redirect(w, r, "/"+tag.Path()+"/subscribe/asked", http.StatusSeeOther)
		return nil
	}
}

func (f *Face) refuseSubscription(w http.ResponseWriter, r *http.Request, here *world, tag lang.Tag, p *problem.Problem) error {
	now := time.Now()
	page := f.subscribePage(f.reader(here, tag, now, f.blindSince(now)), here)
	page.Canonical = ""
	page.Form.Email = r.PostForm.Get("email")
	page.Form.Error = page.T(p.Key, p.Args...)
	page.Form.Every = r.PostForm.Get("every") != ""
	for n, c := range page.Form.Components {
		for _, code := range r.PostForm["component[]"] {
			page.Form.Components[n].Checked = c.Checked || code == c.Code
			c = page.Form.Components[n]
		}
	}
	body, err := f.templates.execute("subscribe.html", page)
	if err != nil {
		return err
	}
	newEntry(document{status: p.Kind.Status(), kind: f.kinds.form, body: body}, now).serve(w, r)
	return nil
}
