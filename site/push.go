package site

import (
	_ "embed"
	"encoding/json"
	"mime"
	"net/http"
	"time"

	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
)

//go:embed assets/push.js
var pushScript []byte

//go:embed assets/sw.js
var worker []byte

// OfferPush lets the subscription page offer notifications. key is who we are to browsers; call it before Start.
func (f *Face) OfferPush(key string) { f.pushKey = key }

// A pushOffer is what the script needs; the page without a script does not show it.
type pushOffer struct{ Key, Script, Post string }

func (f *Face) pushOffer(r reader) *pushOffer {
	if f.pushKey == "" {
		return nil
	}
	return &pushOffer{Key: f.pushKey, Script: f.assets.push, Post: r.home + "push"}
}

// showWorker is at the root, because a worker serves what lies below it, and is asked for again each time, because a browser that keeps an
// old one shows old behaviour.
func (f *Face) showWorker(w http.ResponseWriter, r *http.Request) error {
	f.assets.worker.serve(w, r)
	return nil
}

// A pushForm is what the script posts: a PushSubscription as browsers write it, and what its owner ticked.
type pushForm struct {
	Endpoint   string          `json:"endpoint"`
	Keys       json.RawMessage `json:"keys"`
	Components []string        `json:"components"`
	Every      bool            `json:"every"`
}

func parsePush(w http.ResponseWriter, r *http.Request) (form pushForm, err error) {
	// JSON by name: no other site's form can post it without being asked for leave first.
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media != "application/json" {
		return form, problem.New(problem.Invalid, "problem.form")
	}
	r.Body = http.MaxBytesReader(w, r.Body, formLimit)
	if json.NewDecoder(r.Body).Decode(&form) != nil || len(form.Components) > 1000 {
		return form, problem.New(problem.Invalid, "problem.form")
	}
	return form, nil
}

func (f *Face) postPush(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := f.isSpoken(r); err != nil {
			return err
		}
		form, err := parsePush(w, r)
		if err != nil {
			return err
		}
		here, err := f.publishedWorld(r.Context(), time.Now())
		if err != nil {
			return err
		}
		in := desk.Subscription{Address: form.Endpoint, Language: tag, EveryUpdate: form.Every, IP: addressOf(r)}
		for _, code := range form.Components {
			c, ok := here.componentByCode(code)
			if !ok {
				return problem.Field("components", "problem.component.unknown")
			}
			in.Components = append(in.Components, id.Component(c.ID))
		}
		manage, err := f.desk.SubscribePush(r.Context(), in, string(form.Keys))
		if err != nil {
			return err
		}
		return f.answerJSON(w, r, http.StatusCreated, map[string]string{"manage": "/" + tag.Path() + "/manage/" + manage})
	}
}

func (f *Face) postPushEnd(w http.ResponseWriter, r *http.Request) error {
	form, err := parsePush(w, r)
	if err != nil {
		return err
	}
	if err := f.desk.EndPush(r.Context(), form.Endpoint, string(form.Keys)); err != nil {
		return err
	}
	return f.answerJSON(w, r, http.StatusOK, struct{}{})
}
