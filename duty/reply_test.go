package duty_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/audience"
	"candor/reach"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// A customer answers our letter: they count as reached and are not followed up any more; one of us answers in their thread, by name, and that
// is no part of the incident's coverage.
func TestACustomerWhoWritesBackIsAnsweredInTheirThread(t *testing.T) {
	url := storetest.SQLite(t)
	storetest.Crowd(t)
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		x := h.customer("bakery", "anna@harbour.example", "+4915112345001")
		i := h.outage()
		h.run(time.Minute)
		first := h.to("anna@harbour.example")
		if len(first) != 1 {
			t.Fatalf("%d letters went to the customer", len(first))
		}
		intake := staff.As(t.Context(), staff.Actor{System: "intake"})
		said, err := h.desk.ReceiveReply(intake, first[0].Delivery, reach.ReturnMail{
			MessageID: "re1@harbour.example", Digest: "1", From: "anna@harbour.example", Subject: "Re: The shop is down", Text: "When will it work?",
		})
		if err != nil {
			t.Fatal(err)
		}
		h.stands(i, x, "who wrote back", reach.Standing{Customers: 1, Language: "en", Channel: audience.Email, Told: true, End: reach.EndAcknowledged, Reason: reach.WhyByReply})
		if err := h.desk.AnswerReply(h.as(h.ann), said.ID, "At **nine** tonight."); err != nil {
			t.Fatal(err)
		}
		h.run(time.Hour)
		if n := len(h.text.Taken()); n != 0 {
			t.Errorf("%d text messages followed", n)
		}
		all := h.to("anna@harbour.example")
		if len(all) != 2 {
			t.Fatalf("%d letters went to the customer", len(all))
		}
		answer := all[1]
		if diff := cmp.Diff([]string{first[0].MessageID, "re1@harbour.example"}, answer.Thread); diff != "" {
			t.Errorf("the thread (-want +got):\n%s", diff)
		}
		if answer.Subject != "Re: The shop is down" || !strings.Contains(answer.Text, "At nine tonight.") && !strings.Contains(answer.Text, "At **nine** tonight.") || !strings.Contains(answer.Text, "Ann") {
			t.Errorf("they read %q:\n%s", answer.Subject, answer.Text)
		}
		if answer.Class != reach.ClassPersonal || answer.UnsubscribeURL != "" {
			t.Errorf("it is sent as %s, with %q", answer.Class, answer.UnsubscribeURL)
		}
		h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) error {
			sent, err := tx.Deliveries.SentTo(ctx, i, x)
			if len(sent) != 1 {
				t.Errorf("%d letters are about the incident", len(sent))
			}
			return err
		})
	})
}

// to are the letters that went to an address, in their order.
func (h *pursued) to(address string) (all []reach.Message) {
	for _, a := range h.mail.Attempts() {
		if a.Message.To == address {
			all = append(all, a.Message)
		}
	}
	return all
}
