package site

import (
	"net/http"
	"slices"
	"time"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/lang"
	"candor/problem"
	"candor/settings"
)

// An ownHours says whether the reader may be rung at night, and offers the other.
type ownHours struct{ Line, Shown, Act, Button string }

// An ownMobile asks for a number to text, and then for the code that was texted there.
type ownMobile struct {
	Sent             string // the code's name, once one is sent
	Typed            string
	Error, CodeError string
}

// ownHours is nil for whom nothing rings, and where no policy of the company's heeds the wish.
func (r reader) ownHours(w *world, x ownFacts) *ownHours {
	rings := func(c desk.OwnChannel) bool { return settings.Rings(c.Channel) }
	if !slices.ContainsFunc(x.channels, rings) || !w.settings.WakesOnWish() {
		return nil
	}
	var since time.Time
	for _, c := range x.accounts {
		if c.AnyHour.IsZero() { // one account that sleeps is asked about
			return &ownHours{r.T("site.me.hours.quiet"), r.T("site.me.hours.consent"), "any", r.T("site.me.hours.wake")}
		}
		since = c.AnyHour
	}
	return &ownHours{r.T("site.me.hours.any", "time", r.clockText(since)), "", "quiet", r.T("site.me.hours.sleep")}
}

// ownMobile is nil where no texts are sent.
func (w *world) ownMobile(sent id.Announcement) *ownMobile {
	if !slices.Contains(w.settings.Channels(), audience.SMS) {
		return nil
	}
	return &ownMobile{Sent: string(sent)}
}

// sentCode is the code a form asks for: named in the address where the form before leads here, and in the form itself when it comes back.
func sentCode(r *http.Request) id.Announcement {
	sent, _ := id.Parse[id.Announcement](r.FormValue("sent"))
	return sent
}

func (f *Face) postHours(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.byOwner(tag, func(r *http.Request, token string) error {
		switch r.PostForm.Get("act") {
		case "any":
			return f.desk.AnyHour(r.Context(), token, tag)
		case "quiet":
			return f.desk.QuietNights(r.Context(), token)
		}
		return problem.New(problem.Invalid, "problem.form")
	})
}

// postMobile has a code texted to a number, and leads back to where it is typed.
func (f *Face) postMobile(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.byOwnerTo(tag, func(r *http.Request, token string) (string, error) {
		sent, err := f.desk.AskMobile(r.Context(), token, desk.CodeRequest{Phone: r.PostForm.Get("mobile"), IP: addressOf(r)})
		return "?sent=" + string(sent) + "#mobile", err
	})
}

func (f *Face) postMobileCode(tag lang.Tag) func(http.ResponseWriter, *http.Request) error {
	return f.byOwner(tag, func(r *http.Request, token string) error {
		return f.desk.AddMobile(r.Context(), token, sentCode(r), r.PostForm.Get("code"), tag)
	})
}
