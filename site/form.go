package site

import (
	"net"
	"net/http"
	"strings"

	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
)

// A form asks for an address; on the home page without the choice of components, which has its own page.
type form struct {
	lang.Words
	Action     string
	Email      string
	Error      string
	Components []choice
	Every      bool
}

type choice struct {
	Code    string
	Name    phrase
	Checked bool
}

type subscribePage struct {
	shell
	Form form
	Push *pushOffer
}

func (r reader) form() form { return form{Words: r.Words, Action: r.home + "subscribe"} }

func (f *Face) subscribePage(r reader, w *world) subscribePage {
	p := subscribePage{shell: f.shell(r, w, "subscribe"), Form: r.form(), Push: f.pushOffer(r)}
	p.Status = ""
	p.Stale = r.blindness()
	p.Form.Components = r.choices(w, nil)
	p.titled(r.T("site.follow"))
	return p
}

// choices are the components a person may pick; groups are picked by their members.
func (r reader) choices(w *world, chosen []id.Component) []choice {
	var all []choice
	for _, c := range w.leaves {
		all = append(all, choice{Code: string(c.Code), Name: r.phrase(c.Name), Checked: contains(chosen, c.ID)})
	}
	return all
}

func contains(all []id.Component, x id.Component) bool {
	for _, c := range all {
		if c == x {
			return true
		}
	}
	return false
}

// formLimit is more than any form here needs.
const formLimit = 16 << 10

func parseForm(w http.ResponseWriter, r *http.Request) error {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	err := r.ParseForm()
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") { // what RFC 8058 prefers for one-click
		err = r.ParseMultipartForm(formLimit)
	}
	if err != nil {
		return problem.New(problem.Invalid, "problem.form")
	}
	return nil
}

// subscription is what somebody typed. A component the page does not show is as good as none (V23).
func (w *world) subscription(r *http.Request, tag lang.Tag) desk.Subscription {
	in := desk.Subscription{
		Address:     r.PostForm.Get("email"),
		Language:    tag,
		EveryUpdate: r.PostForm.Get("every") != "",
		IP:          addressOf(r),
		Honeypot:    r.PostForm.Get("website"),
	}
	for _, code := range r.PostForm["component[]"] {
		if c, ok := w.componentByCode(code); ok {
			in.Components = append(in.Components, c.ID)
		}
	}
	return in
}

func (w *world) componentByCode(code string) (component.Component, bool) {
	for _, c := range w.leaves {
		if string(c.Code) == code {
			return c, true
		}
	}
	return component.Component{}, false
}

// addressOf is the visitor's, which the house has established before a face sees the request.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
