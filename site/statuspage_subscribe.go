package site

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"strings"
	"time"

	"candor/desk"
	"candor/id"
	"candor/problem"
	"candor/store"
)

// A subscriberForm is what Statuspage's own form and npm clients post, as a form or as JSON, inside the wrapper "subscriber".
type subscriberForm struct {
	Email       string `json:"email"`
	Phone       string `json:"phone_number"`
	Endpoint    string `json:"endpoint"`
	IncidentID  string `json:"incident_id"`
	ComponentID string `json:"component_id"`
}

// A subscriberAnswer is the same for an address we know and one we do not (B13). Statuspage answers null for an address that is
// subscribed already; that would tell a stranger who reads our page, so we do not.
type subscriberAnswer struct {
	Page                spPage `json:"page"`
	Mode                string `json:"mode"`
	Email               string `json:"email"`
	CanSelectComponents bool   `json:"can_select_components"`
}

func (f *Face) postSubscriber(w http.ResponseWriter, r *http.Request) error {
	form, err := parseSubscriber(w, r)
	if err != nil {
		return err
	}
	now := time.Now()
	here, err := f.publishedWorld(r.Context(), now)
	if err != nil {
		return err
	}
	in := desk.Subscription{Address: form.Email, Language: here.languages()[0], IP: addressOf(r)}
	if form.Email == "" {
		return problem.Field("email", "problem.channel") // text messages and webhooks have no channel yet
	}
	if form.ComponentID != "" {
		c, ok := here.componentByCode(form.ComponentID)
		if !ok {
			return errNoPage
		}
		in.Components = []id.Component{c.ID}
	}
	if form.IncidentID != "" {
		if in.Components, err = f.componentsOf(r.Context(), here, form.IncidentID); err != nil {
			return err
		}
	}
	if _, err := f.desk.Subscribe(r.Context(), in); err != nil {
		return err
	}
	answer := subscriberAnswer{
		Page: f.statuspage(f.reader(here, here.languages()[0], now, time.Time{}), here).page,
		Mode: "email_sms", Email: form.Email, CanSelectComponents: true,
	}
	return f.answerJSON(w, r, http.StatusCreated, answer)
}

// componentsOf an incident: who follows one incident hears about what it touches.
func (f *Face) componentsOf(ctx context.Context, w *world, code string) (all []id.Component, err error) {
	c, ok := id.ParseCode(code)
	if !ok {
		return nil, errNoPage
	}
	err = f.db.Read(ctx, func(tx *store.Tx) error {
		s, err := w.loadStory(ctx, tx, c)
		all = nil
		for _, a := range s.Affected {
			all = append(all, a.Component)
		}
		return err
	})
	return all, err
}

func parseSubscriber(w http.ResponseWriter, r *http.Request) (form subscriberForm, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media == "application/json" {
		var wrapped struct {
			Subscriber subscriberForm `json:"subscriber"`
		}
		if err := json.NewDecoder(r.Body).Decode(&wrapped); err != nil {
			return form, problem.New(problem.Invalid, "problem.form")
		}
		return wrapped.Subscriber, nil
	}
	if err := r.ParseForm(); err != nil {
		return form, problem.New(problem.Invalid, "problem.form")
	}
	field := func(name string) string { return r.PostForm.Get("subscriber[" + name + "]") }
	return subscriberForm{
		Email: field("email"), Phone: field("phone_number"), Endpoint: field("endpoint"),
		IncidentID: field("incident_id"), ComponentID: field("component_id"),
	}, nil
}

// deleteSubscriber departs from Statuspage: an id is not authority (V25), so a stranger who knows one cannot end somebody's subscription.
// Whoever holds the address is mailed the link that can.
func (f *Face) deleteSubscriber(w http.ResponseWriter, r *http.Request) error {
	return f.mailAgain(w, r)
}

// postResend mails the question again, within the limits of every other way to ask (B3).
func (f *Face) postResend(w http.ResponseWriter, r *http.Request) error { return f.mailAgain(w, r) }

// mailAgain answers the same for an id we know and one we do not: it tells nobody who subscribed.
func (f *Face) mailAgain(w http.ResponseWriter, r *http.Request) error {
	code, ok := id.ParseCode(strings.TrimSuffix(r.PathValue("id"), ".json"))
	if !ok {
		return errNoPage
	}
	if _, err := f.publishedWorld(r.Context(), time.Now()); err != nil {
		return err
	}
	if err := f.desk.MailLink(r.Context(), code, addressOf(r)); err != nil {
		return err
	}
	return f.answerJSON(w, r, http.StatusOK, struct{}{})
}

func (f *Face) answerJSON(w http.ResponseWriter, r *http.Request, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	newEntry(document{status: status, kind: f.kinds.problem, body: append(body, '\n')}, time.Now()).serve(w, r)
	return nil
}

// refuseMethod: npm's statuspage.io up to 3.2.10 sends GET where it means POST; it must not subscribe anybody.
func (f *Face) refuseMethod(allowed string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Allow", allowed)
		return f.answerJSON(w, r, http.StatusMethodNotAllowed, map[string]string{"error": "Method Not Allowed"})
	}
}

// answerPreflight lets other people's pages post JSON here: nothing of it goes by a cookie.
func (f *Face) answerPreflight(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE")
	h.Set("Access-Control-Allow-Headers", "Content-Type")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// publishedWorld is the world for what has no page of its own to say that the company is not there yet.
func (f *Face) publishedWorld(ctx context.Context, now time.Time) (*world, error) {
	w, err := f.currentWorld(ctx, now)
	if err == nil && !w.settings.Published {
		return nil, errNoPage
	}
	return w, err
}
