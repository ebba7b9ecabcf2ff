package e2e

import (
	"strings"
	"testing"
	"time"
)

// T6, with the script running: a browser that opens a customer's link five times has said nothing; the person behind it says it once, asks to
// be called, and finds both noted. The secret is gone from the address as soon as the page is open (B14).
func TestT6ACustomersOwnPageInABrowser(t *testing.T) {
	browser(t)
	p, stop, err := start("demo", "--scenario", "none") // of its own: others look at pages on which nobody has pressed anything
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	t.Cleanup(func() { p.confess(t) })
	p.bakery(t)
	p.play(t, "godaddy-2012", 60)
	link := p.ownPage(t)
	b := newTab(t)
	for range 5 {
		b.visit(link)
		b.says("Whitfield Bakery (4711)", "I know about this", "If we call you, our caller will say this code:")
	}
	page, _, _ := strings.Cut(link, "#")
	b.visit(page) // a click must not meet the page on its way to a part of it
	_, token, _ := strings.Cut(link, "/me/")
	if address := b.address(); strings.Contains(address, token[:34]) || !strings.Contains(address, "/en/me") {
		t.Errorf("the secret stays in the address: %s", address)
	}
	b.follow("I know about this")
	b.says("You said that you know")
	b.follow("Call me")
	b.says("You asked us", "You are next.")
	b.follow("Look again")
	b.says("You are next.", "You said that you know")
}

// bakery is a customer who can be reached by mail and telephone, and whom everything affects.
func (p *program) bakery(t *testing.T) {
	t.Helper()
	p.api(t, "PUT", "/api/v1/customers/4711", map[string]any{
		"name": "Whitfield Bakery", "language": "en", "plan": "Pro", "fee": "19.90", "currency": "USD", "contacts": []map[string]string{
			{"channel": "email", "address": "ann@whitfield.example"}, {"channel": "sms", "address": "+14805550142"},
		},
	}, nil)
}

// ownPage waits for the letter to the bakery, and answers the link in it.
func (p *program) ownPage(t *testing.T) string {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		var list struct {
			Letters []struct{ Delivery, To string }
		}
		p.api(t, "GET", "/api/v1/outbox?limit=1000", nil, &list)
		for _, l := range list.Letters {
			if l.To != "ann@whitfield.example" {
				continue
			}
			var letter struct{ Text string }
			p.api(t, "GET", "/api/v1/outbox/"+l.Delivery, nil, &letter)
			for _, link := range spelled.FindAllString(letter.Text, -1) {
				if strings.Contains(link, "/en/me/") {
					return link
				}
			}
		}
	}
	t.Fatalf("no letter leads the bakery to its own page\n%s", p.log.String())
	return ""
}
