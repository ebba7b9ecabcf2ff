package app

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"candor/desk"
	"candor/lang"
)

// B3: our form is no weapon against a mailbox.
func TestB3ManySignUpsMakeOneMail(t *testing.T) {
	working(t, func(h *house) {
		asked, refused := 0, 0
		for n := range 1_000 {
			_, err := h.desk.Subscribe(h.ctx(), desk.Subscription{
				Address: []string{"victim@bakery.test", "VICTIM@Bakery.test", " victim@bakery.test "}[n%3], Language: lang.English, IP: fmt.Sprintf("198.%d.%d.7", 18+n/256%2, n%256),
			})
			if asked++; err != nil {
				refused++
			}
			if n == 600 {
				h.later(time.Hour)
			}
		}
		h.later(time.Minute)
		// Refused or not, no sign-up but the first made a letter; limits do not grow with their number.
		if got := h.toStrangers(); got != 1 || refused < 300 {
			h.t.Errorf("%d sign-ups (%d refused) in two hours made %d letters to one person, want 1", asked, refused, got)
		}
	})
}

func TestB3AnHourMakesAtMostThreeHundredMails(t *testing.T) {
	working(t, func(h *house) {
		accepted := 0
		for n := range 320 {
			code := h.subscribe(fmt.Sprintf("victim%d@bakery.test", n), fmt.Sprintf("198.%d.%d.7", 18+n/256, n%256), nil)
			switch code {
			case http.StatusSeeOther:
				accepted++
			case http.StatusTooManyRequests:
			default:
				h.t.Fatalf("sign-up %d: %d", n, code)
			}
		}
		h.later(time.Minute)
		if got := h.toStrangers(); got != 300 || accepted != 300 {
			h.t.Errorf("320 sign-ups in an hour made %d letters (%d accepted), want 300", got, accepted)
		}
		accepted = 0
		for n := range 20 {
			if h.subscribe(fmt.Sprintf("next%d@bakery.test", n), "203.0.113.7", nil) == http.StatusSeeOther {
				accepted++
			}
		}
		if accepted != 0 {
			h.t.Errorf("the hour's limit let %d more in", accepted)
		}
		h.later(time.Hour)
		for n := range 20 {
			if h.subscribe(fmt.Sprintf("next%d@bakery.test", n), "203.0.113.7", nil) == http.StatusSeeOther {
				accepted++
			}
		}
		if accepted != 10 {
			h.t.Errorf("one network signs up %d in an hour, want 10", accepted)
		}
	})
}

// B13: the answer to a sign-up says nothing of who is known here.
func TestB13SubscribingAnswersTheSameForEverybody(t *testing.T) {
	h := newHouse(t)
	h.subscriber("known@bakery.test")
	forms := map[string]func(string) ask{
		"the page": func(mail string) ask { return ask{path: "/en/subscribe", form: url.Values{"email": {mail}}} },
		"Statuspage's form": func(mail string) ask {
			return ask{path: "/api/v2/subscribers.json", form: url.Values{"subscriber[email]": {mail}}}
		},
		"Statuspage's JSON": func(mail string) ask {
			return ask{path: "/api/v2/subscribers", json: map[string]any{"subscriber": map[string]string{"email": mail}}}
		},
	}
	for name, form := range forms {
		var answers []string
		for n, mail := range []string{"known@bakery.test", "never@bakery.test", "never@bakery.test"} {
			a := form(mail)
			a.method, a.ip = http.MethodPost, fmt.Sprintf("203.0.%d.7", n)
			got := h.ask(a)
			if got.Code >= 400 {
				t.Fatalf("%s: %d %s", name, got.Code, got.Body)
			}
			var head strings.Builder
			if err := got.Header().Write(&head); err != nil {
				t.Fatal(err)
			}
			etag := regexp.MustCompile(`(?m)^Etag: .*$`)
			answers = append(answers, etag.ReplaceAllString(fmt.Sprint(got.Code, head.String(), strings.ReplaceAll(got.Body.String(), mail, "*****@bakery.test")), ""))
		}
		if answers[0] != answers[1] || answers[1] != answers[2] {
			t.Errorf("%s answers a known address:\n%s\nan unknown one:\n%s\nand again:\n%s", name, answers[0], answers[1], answers[2])
		}
	}
}

// toStrangers are the letters in the outbox but those to the owners, who are told when somebody uses the form as a weapon.
func (h *house) toStrangers() (n int) {
	h.t.Helper()
	for _, l := range h.outbox() {
		if strings.HasSuffix(string(l.Address), "@bakery.test") {
			n++
		}
	}
	return n
}
