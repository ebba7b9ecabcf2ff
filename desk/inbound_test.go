package desk_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/audience"
	"candor/id"
	"candor/lang"
	"candor/reach"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// A mailed is a customer's contact and letters that the relay has taken.
type mailed struct {
	newsroom
	in      context.Context // the intake acts
	contact audience.Contact
	n       int
}

func openMailed(t *testing.T, db *store.DB) *mailed {
	t.Helper()
	m := &mailed{newsroom: open(t, db), in: staff.As(t.Context(), staff.Actor{System: "intake"})}
	m.contact = audience.Contact{
		ID: id.New[id.Contact](time.Now()), Code: id.NewCode(), Channel: "email", Address: "dana@example.org", Language: lang.English, CreatedAt: time.Now(),
	}
	m.write(t, func(ctx context.Context, tx *store.Tx) error { return tx.Contacts.Add(ctx, m.contact) })
	return m
}

// letter is one that was accepted.
func (m *mailed) letter(t *testing.T) id.Delivery {
	t.Helper()
	at := time.Now().UTC().Truncate(time.Microsecond)
	x, a := id.New[id.Delivery](at), id.New[id.Announcement](at)
	m.write(t, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Announcements.Add(ctx, reach.Announcement{ID: a, Kind: reach.OnTest, Priority: reach.Urgent, AsOf: at}); err != nil {
			return err
		}
		if _, err := tx.Deliveries.Plan(ctx, []reach.Delivery{{
			ID: x, Announcement: a, Channel: "email", Address: m.contact.Address, Contact: m.contact.ID, Language: lang.English, PlannedAt: at,
		}}); err != nil {
			return err
		}
		was, err := tx.Deliveries.ByID(ctx, x)
		if err != nil {
			return err
		}
		_, err = tx.Deliveries.Heed(ctx, was, reach.Accepted, reach.Receipt{Reason: reach.ReasonAccepted, At: at})
		return err
	})
	return x
}

// bounce is a report by mail, never twice the same.
func (m *mailed) bounce(status, diagnostic string) reach.ReturnMail {
	m.n++
	return reach.ReadReturn([]byte(fmt.Sprintf(`From: MAILER-DAEMON@mx.example.org
Message-ID: <%d@mx.example.org>
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; dana@example.org
Action: failed
Status: %s
Diagnostic-Code: smtp; %s
--b--
`, m.n, status, diagnostic)))
}

type standing struct {
	State      reach.State
	Reason     string
	Suppressed audience.SuppressionReason
	Receipts   []reach.ReceiptKind
}

func (m *mailed) standing(t *testing.T, x id.Delivery) (s standing) {
	t.Helper()
	ctx := t.Context()
	err := m.db.Read(ctx, func(tx *store.Tx) error {
		d, err := tx.Deliveries.ByID(ctx, x)
		if err != nil {
			return err
		}
		s.State, s.Reason = d.State, d.Reason
		s.Suppressed, _ = tx.Suppressions.Of(ctx, "email", m.contact.Address.Key())
		all, err := tx.Receipts.Of(ctx, x)
		for _, r := range all {
			s.Receipts = append(s.Receipts, r.Kind)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (m *mailed) comes(t *testing.T, x id.Delivery, mails ...reach.ReturnMail) {
	t.Helper()
	for _, mail := range mails {
		receive := m.ReceiveBounce
		if !mail.Automatic() {
			receive = m.ReceiveReply
		}
		if _, err := receive(m.in, x, mail); err != nil {
			t.Fatal(err)
		}
	}
}

func wantStanding(t *testing.T, what string, got, want standing) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

const taken = reach.ReasonAccepted

func TestADeadMailboxIsSilencedAtOnceAndTheSameBounceTwiceIsOneReceipt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := openMailed(t, db)
		x, hard := m.letter(t), m.bounce("5.1.1", "550 5.1.1 User unknown")
		m.comes(t, x, hard, hard)
		wantStanding(t, "a hard bounce", m.standing(t, x), standing{reach.Bounced, reach.ReasonNoMailbox, audience.HardBounce, []reach.ReceiptKind{reach.SaysBounced}})
	})
}

func TestABounceWithoutAReasonSilencesNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := openMailed(t, db)
		x := m.letter(t)
		m.comes(t, x, m.bounce("5.0.0", "554 transaction failed"))
		wantStanding(t, "a bounce on doubt", m.standing(t, x), standing{reach.Failed, reach.ReasonUnspecified, "", []reach.ReceiptKind{reach.SaysBounced}})
	})
}

func TestTheThirdFullMailboxInThreeDaysCountsAsDead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := openMailed(t, db)
		first, second, third := m.letter(t), m.letter(t), m.letter(t)
		full := func() reach.ReturnMail { return m.bounce("5.2.2", "552 5.2.2 Mailbox full") }
		soft := []reach.ReceiptKind{reach.SaysSoft}
		m.comes(t, first, full())
		again := full()
		m.comes(t, second, again, again, again)
		wantStanding(t, "after two", m.standing(t, second), standing{reach.Accepted, taken, "", soft})
		m.comes(t, third, full())
		wantStanding(t, "after three", m.standing(t, third), standing{reach.Bounced, reach.ReasonMailboxFull, audience.HardBounce, soft})
		wantStanding(t, "the first", m.standing(t, first), standing{reach.Accepted, taken, audience.HardBounce, soft})
	})
}

func TestAComplaintSilencesMoreThanABounce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := openMailed(t, db)
		x := m.letter(t)
		arf := reach.ReadReturn([]byte("From: fbl@isp.example\nMessage-ID: <arf@isp.example>\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n"))
		m.comes(t, x, m.bounce("5.1.1", "550 5.1.1 User unknown"), arf)
		wantStanding(t, "a complaint", m.standing(t, x), standing{reach.Bounced, reach.ReasonNoMailbox, audience.Complaint, []reach.ReceiptKind{reach.SaysBounced, reach.SaysComplaint}})
		y := m.letter(t)
		arf.Digest = "another"
		m.comes(t, y, arf)
		wantStanding(t, "a complaint about another letter", m.standing(t, y), standing{reach.Complained, reach.ReasonComplained, audience.Complaint, []reach.ReceiptKind{reach.SaysComplaint}})
	})
}

func TestWhatIsNobodysFaultKeepsTheRecipient(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := openMailed(t, db)
		for name, c := range map[string]struct {
			mail reach.ReturnMail
			kind reach.ReceiptKind
		}{
			"a policy":  {m.bounce("5.7.26", "550 5.7.26 unauthenticated"), reach.SaysRefused},
			"a holiday": {reach.ReadReturn([]byte("From: dana@example.org\nMessage-ID: <away@example.org>\nAuto-Submitted: auto-replied\nSubject: Away\n\nI am away.\n")), reach.SaysAway},
			"a riddle":  {reach.ReadReturn([]byte("Return-Path: <>\nFrom: MAILER-DAEMON@example.org\nMessage-ID: <riddle@example.org>\nSubject: Undelivered Mail\n\nYour message was not delivered.\n")), reach.SaysUnknown},
		} {
			x := m.letter(t)
			m.comes(t, x, c.mail)
			wantStanding(t, name, m.standing(t, x), standing{reach.Accepted, taken, "", []reach.ReceiptKind{c.kind}})
		}
	})
}

func TestOneLetterBringsBackOnlySoMuch(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := openMailed(t, db)
		x := m.letter(t)
		kept := 0
		for n := range 60 {
			_, err := m.ReceiveReply(m.in, x, reach.ReturnMail{Text: "again", Digest: fmt.Sprint(n)})
			if err == nil {
				kept++
			}
		}
		if s := m.standing(t, x); kept != 50 || len(s.Receipts) != 50 {
			t.Errorf("%d of 60 were taken and %d kept, want 50", kept, len(s.Receipts))
		}
	})
}

func TestWhoMayNothingBringsBackNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		m := openMailed(t, db)
		x := m.letter(t)
		if _, err := m.ReceiveBounce(t.Context(), x, m.bounce("5.1.1", "550 5.1.1 User unknown")); err == nil {
			t.Error("nobody in particular could file a bounce")
		}
		wantStanding(t, "the letter", m.standing(t, x), standing{State: reach.Accepted, Reason: taken})
	})
}
