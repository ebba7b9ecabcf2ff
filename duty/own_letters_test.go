package duty_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"candor/audience"
	"candor/id"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

// Customers are asked to say that they know, on a page of their own; who only subscribes is not. One person with two accounts gets one
// letter, which names both.
func TestALetterToACustomerLeadsToTheirOwnPage(t *testing.T) {
	url := storetest.SQLite(t)
	storetest.Crowd(t)
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		h.customer("single", "single@harbour.example", "+4915112345001")
		h.customer("bakery", "anna@harbour.example")
		h.customer("catering", "anna@harbour.example")
		h.subscriber("reader@harbour.example")
		h.mail.Script("single@harbour.example", reach.Result{Outcome: reach.Permanent, Code: "5.1.1", Reason: reach.ReasonNoMailbox})
		h.outage()
		h.run(30 * time.Second)

		letters := map[string]reach.Message{}
		for _, a := range h.mail.Attempts() {
			letters[a.Message.To] = a.Message
		}
		for to, want := range map[string]struct{ page, accounts bool }{
			"single@harbour.example": {page: true}, "anna@harbour.example": {page: true, accounts: true}, "reader@harbour.example": {},
		} {
			text, html := letters[to].Text, letters[to].HTML
			if letters[to].Form != nil {
				text, html = letters[to].Form.Fill(letters[to].Own)
			}
			page := "https://status.example.com/en/me/" + h.token(audience.Email, audience.Address(to))
			for _, part := range []string{text, html} {
				if strings.Contains(part, page) != want.page {
					t.Errorf("the letter to %s leads to their own page: %v", to, !want.page)
				}
				if named := strings.Contains(part, "bakery") && strings.Contains(part, "catering"); named != want.accounts {
					t.Errorf("the letter to %s names accounts: %v", to, named)
				}
				if strings.Contains(part, "slot") {
					t.Errorf("the letter to %s has a slot left", to)
				}
			}
		}
		if n := len(h.text.Taken()); n != 1 {
			t.Fatalf("%d text messages, want one", n)
		}
		if got, want := h.text.Taken()[0].Text, "https://status.example.com/en/me/"+h.token(audience.SMS, "+4915112345001"); !strings.HasSuffix(got, want) {
			t.Errorf("the text message leads elsewhere: %s", got)
		}
	})
}

// token is the contact's own.
func (h *pursued) token(channel string, address audience.Address) (token string) {
	h.t.Helper()
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) (err error) {
		token, err = storetest.OwnToken(ctx, tx, channel, address)
		return err
	})
	return token
}

func (h *pursued) subscriber(address audience.Address) {
	h.t.Helper()
	at := time.Now()
	h.do(h.db.Write, func(ctx context.Context, tx *store.Tx) error {
		return tx.Contacts.Add(ctx, audience.Contact{
			ID: id.New[id.Contact](at), Code: id.NewCode(), Channel: audience.Email, Address: address, Language: "en", CreatedAt: at, ConfirmedAt: at,
		})
	})
}
