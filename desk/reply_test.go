package desk_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/audience"
	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/reach"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// A correspondence is a customer who was told of an incident by mail, and what they write back.
type correspondence struct {
	*mailed
	t        *testing.T
	incident id.Incident
	customer id.Customer
}

func openCorrespondence(t *testing.T, db *store.DB) *correspondence {
	t.Helper()
	c := &correspondence{mailed: openMailed(t, db), t: t, customer: id.New[id.Customer](time.Now())}
	c.incident = c.declare(t, desk.Declaration{First: desk.Word{Body: english("Sites are down."), Affected: []incident.Affected{down(c.site, component.MajorOutage)}}}).ID
	at := time.Now().UTC().Truncate(time.Microsecond)
	c.write(t, func(ctx context.Context, tx *store.Tx) error {
		one := audience.Customer{ID: c.customer, Code: id.NewCode(), External: "A-1", Name: "Bakery", Language: lang.English, CreatedAt: at, UpdatedAt: at}
		one.Contacts = []audience.Contact{c.contact}
		if err := tx.Customers.Add(ctx, one); err != nil {
			return err
		}
		_, _, err := tx.Affected.Assess(ctx, store.Assessment{Incident: c.incident, Audience: incident.Everyone, AsOf: at, NextAt: at.Add(time.Hour)}, "", 100)
		return err
	})
	return c
}

// word is a letter to the customer that the relay took.
func (c *correspondence) word(k reach.Kind, target audience.Target) id.Delivery {
	c.t.Helper()
	var x id.Delivery
	a := id.New[id.Announcement](time.Now())
	c.write(c.t, func(ctx context.Context, tx *store.Tx) error {
		at := time.Now().UTC().Truncate(time.Microsecond)
		if err := tx.Announcements.Add(ctx, reach.Announcement{ID: a, Kind: k, Incident: c.incident, Target: target, AsOf: at, PlannedAt: at}); err != nil {
			return err
		}
		x = id.New[id.Delivery](at)
		if _, err := tx.Deliveries.Plan(ctx, []reach.Delivery{{
			ID: x, Announcement: a, Channel: "email", Address: c.contact.Address, Contact: c.contact.ID, Language: lang.English, PlannedAt: at,
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

var toCustomers = audience.Target{Everyone: true, Customers: true}

// writes is a mail of a person, never twice the same.
func (c *correspondence) writes(headers, words string) reach.ReturnMail {
	c.n++
	return reach.ReadReturn([]byte("From: Dana <dana@home.example>\nMessage-ID: <re" + string(rune('a'+c.n)) + "@home.example>\n" + headers + "\n" + words + "\n"))
}

func (c *correspondence) gets(x id.Delivery, m reach.ReturnMail, receive func(context.Context, id.Delivery, reach.ReturnMail) (reach.Receipt, error)) id.Receipt {
	c.t.Helper()
	r, err := receive(c.in, x, m)
	if err != nil {
		c.t.Fatal(err)
	}
	return r.ID
}

func (c *correspondence) end() (x reach.Affected) {
	c.t.Helper()
	err := c.db.Read(c.in, func(tx *store.Tx) (err error) {
		x, err = tx.Affected.Of(c.in, c.incident, c.customer)
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return x
}

func (c *correspondence) replies(standing reach.ReplyStanding) (all []store.WrittenReply) {
	c.t.Helper()
	err := c.db.Read(c.in, func(tx *store.Tx) (err error) {
		all, err = tx.Replies.Page(c.in, store.ReplyPage{Incident: c.incident, Standing: standing, Limit: 100})
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return all
}

func TestWhoAnswersOurLetterHasReadIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openCorrespondence(t, db)
		x := c.word(reach.OnUpdate, toCustomers)
		mail := c.writes("Subject: Re: Sites\n", "When will it work?\x00 Our shop stands still.")
		c.gets(x, mail, c.ReceiveReply)
		c.gets(x, mail, c.ReceiveReply) // a server that was cut off says it again
		if got := c.end(); got.Ended != reach.EndAcknowledged || got.Reason != reach.WhyByReply {
			t.Errorf("the customer stands at %q, %q", got.Ended, got.Reason)
		}
		if got := c.standing(t, x).State; got != reach.Acknowledged {
			t.Errorf("the letter is %s", got)
		}
		all := c.replies(reach.ReplyOpen)
		if len(all) != 1 {
			t.Fatalf("%d replies wait for staff", len(all))
		}
		got := []string{all[0].Body, all[0].Subject, all[0].Sender, all[0].MessageID, all[0].Name, all[0].Address}
		if diff := cmp.Diff([]string{"When will it work? Our shop stands still.", "Re: Sites", "dana@home.example", mail.MessageID, "Bakery", "dana@example.org"}, got); diff != "" {
			t.Errorf("staff read (-want +got):\n%s", diff)
		}
	})
}

func TestWhatAMachineWritesReachesNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openCorrespondence(t, db)
		x := c.word(reach.OnUpdate, toCustomers)
		away := c.writes("Auto-Submitted: auto-replied\nSubject: Away\n", "Back on Monday. Ask Luis.")
		machine := c.gets(x, away, c.ReceiveBounce)
		c.gets(x, c.writes("Subject: Ticket 4711\n", "We have your request."), c.ReceiveStray) // a return path, where no person writes
		if got := c.end(); got.Ended != "" {
			t.Errorf("the customer ended as %q, %q", got.Ended, got.Reason)
		}
		if all := c.replies(reach.ReplyAutomatic); len(all) != 1 || all[0].ID != machine || all[0].Body != "Back on Monday. Ask Luis." {
			t.Errorf("staff see %+v", all)
		}
		if all := c.replies(reach.ReplyOpen); len(all) != 1 {
			t.Errorf("%d wait for staff, want the one that may be a person's", len(all))
		}
		says(t, "an answer to a machine", c.AnswerReply(c.ctx, machine, "Thank you"), problem.Conflict, "problem.reply.automatic")
		says(t, "noting one", c.SettleReply(c.ctx, machine), problem.Conflict, "problem.reply.automatic")
	})
}

func TestAnAnswerToAnOlderWordIsNoneToItsCorrection(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openCorrespondence(t, db)
		wrong := c.word(reach.OnUpdate, toCustomers)
		right := c.word(reach.OnCorrection, audience.Target{Heard: "upd_1", Reopens: true})
		c.gets(wrong, c.writes("Subject: Re: Sites\n", "Thanks"), c.ReceiveReply)
		if got := c.end(); got.Ended != "" {
			t.Errorf("they answered the wrong word, and ended as %q", got.Ended)
		}
		c.gets(right, c.writes("Subject: Re: Correction\n", "Thanks again"), c.ReceiveReply)
		if got := c.end(); got.Ended != reach.EndAcknowledged {
			t.Errorf("they answered the correction, and stand at %q", got.Ended)
		}
	})
}

func TestAReplyIsAnsweredOnceByNameAndWhoeverWritesNextIsHeardAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := openCorrespondence(t, db)
		x := c.gets(c.word(reach.OnUpdate, toCustomers), c.writes("Subject: Re: Sites\n", "And our mail?"), c.ReceiveReply)
		says(t, "no words", c.AnswerReply(c.ctx, x, " \n"), problem.Invalid, "problem.text.empty")
		says(t, "nobody's", c.AnswerReply(c.in, x, "Works"), problem.Forbidden, "problem.forbidden")
		says(t, "a viewer's", c.AnswerReply(c.as(t, staff.Person{ID: "per_v", Roles: []staff.Role{staff.Viewer}}), x, "Works"), problem.Forbidden, "problem.forbidden")
		says(t, "to nothing", c.AnswerReply(c.ctx, "rcp_nothing", "Works"), problem.NotFound, "problem.not_found")

		if err := c.AnswerReply(c.as(t, c.ben), x, " Your mail **works**. "); err != nil {
			t.Fatal(err)
		}
		says(t, "a second answer", c.AnswerReply(c.ctx, x, "No, it does not"), problem.Conflict, "problem.reply.answered")
		says(t, "a second note", c.SettleReply(c.ctx, x), problem.Conflict, "problem.reply.answered")
		all := c.replies(reach.ReplyAnswered)
		if len(all) != 1 || all[0].AnsweredBy != c.ben.ID || all[0].AnsweredAt.IsZero() || all[0].Answer != "Your mail **works**." {
			t.Fatalf("answered: %+v", all)
		}
		var sent []reach.Announcement
		for _, a := range (door{Desk: c.Desk, db: db}).letters(t) {
			if a.Kind == reach.OnAnswer {
				sent = append(sent, a)
			}
		}
		if len(sent) != 1 || sent[0].ID != all[0].Announcement || sent[0].Target.Contact != c.contact.ID || sent[0].Incident != "" {
			t.Errorf("announced: %+v", sent) // about no incident: an answer to one is no coverage of many
		}
		c.audited(string(x), "reply answer", "works")

		// What they write to the answer is about the same incident.
		at := time.Now().UTC().Truncate(time.Microsecond)
		ours := id.New[id.Delivery](at)
		c.write(t, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.Deliveries.Plan(ctx, []reach.Delivery{{ID: ours, Announcement: sent[0].ID, Channel: "email", Address: c.contact.Address, Contact: c.contact.ID, Language: "en", PlannedAt: at}})
			return err
		})
		c.gets(ours, c.writes("Subject: Re: Re: Sites\n", "Thank you"), c.ReceiveReply)
		next := c.replies(reach.ReplyOpen)
		if len(next) != 1 || next[0].Body != "Thank you" {
			t.Fatalf("the next reply: %+v", next)
		}
		if err := c.SettleReply(c.ctx, next[0].ID); err != nil {
			t.Fatal(err)
		}
		if open := c.replies(reach.ReplyOpen); len(open) != 0 {
			t.Errorf("%d wait still", len(open))
		}
	})
}

// audited looks for the act, which must not hold anybody's words.
func (c *correspondence) audited(object, act, words string) {
	c.t.Helper()
	err := c.db.Read(c.in, func(tx *store.Tx) error {
		lines, err := tx.Audit.Of(c.in, object, store.AuditLine{}, 10)
		if len(lines) != 1 || lines[0].Act != act || lines[0].Person != c.ben.ID || strings.Contains(lines[0].After, words) {
			c.t.Errorf("audited: %+v", lines)
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

func TestNothingGoesToAnAddressThatWantsOrTakesNothing(t *testing.T) {
	t.Parallel()
	c := openCorrespondence(t, storetest.Open(t, storetest.SQLite(t)))
	x := c.gets(c.word(reach.OnUpdate, toCustomers), c.writes("Subject: Re: Sites\n", "Stop it"), c.ReceiveReply)
	c.write(t, func(ctx context.Context, tx *store.Tx) error {
		return tx.Suppressions.Add(ctx, audience.Email, c.contact.Address.Key(), audience.OptedOut, time.Now())
	})
	says(t, "an answer", c.AnswerReply(c.ctx, x, "Sorry"), problem.Conflict, "problem.reply.stopped")
	if err := c.SettleReply(c.ctx, x); err != nil {
		t.Errorf("called instead: %v", err)
	}
}
