package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"candor/audience"
	"candor/id"
	"candor/reach"
	"candor/staff"
	"candor/store"
)

// A regret is a relay that takes every letter, finds out that there is no such mailbox, and says so to the return path, as relays do.
type regret struct {
	intake func() string
	told   chan error // how each bounce was answered
	from   string
	to     []string
}

func (r *regret) NewSession(*smtp.Conn) (smtp.Session, error) { return r, nil }
func (r *regret) Reset()                                      { r.to = nil }
func (r *regret) Logout() error                               { return nil }
func (r *regret) Mail(from string, _ *smtp.MailOptions) error { r.from = from; return nil }
func (r *regret) Rcpt(to string, _ *smtp.RcptOptions) error   { r.to = append(r.to, to); return nil }

func (r *regret) Data(letter io.Reader) error {
	if _, err := io.Copy(io.Discard, letter); err != nil {
		return err
	}
	path, to := r.from, r.to[0]
	go func() {
		report := fmt.Sprintf("From: MAILER-DAEMON@relay.test\nMessage-ID: <1@relay.test>\nSubject: Undelivered Mail Returned to Sender\n"+
			"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"+
			"Reporting-MTA: dns; relay.test\n\nFinal-Recipient: rfc822; %s\nAction: failed\nStatus: 5.1.1\n--b--\n", to)
		c, err := smtp.Dial(r.intake())
		if err == nil {
			err = c.SendMail("", []string{path}, strings.NewReader(strings.ReplaceAll(report, "\n", "\r\n")))
			_ = c.Close()
		}
		r.told <- err
	}()
	return nil
}

func TestALetterThatComesBackLaterEndsAsBounced(t *testing.T) {
	var h *house
	relay := &regret{intake: func() string { return h.App.inbound.Addr().String() }, told: make(chan error, 10)}
	s := smtp.NewServer(relay)
	s.Domain = "relay.test"
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })

	h = newHouse(t, func(c *Config) { c.Intake, c.SMTP = "127.0.0.1:0", "smtp://"+l.Addr().String()+"?tls=none" })
	h.write(func(ctx context.Context, tx *store.Tx) error {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.Mail.ReturnDomain = "bounce.harbour.test"
		_, err = tx.Settings.Save(ctx, s, version)
		return err
	})
	if err := h.Start(h.ctx()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Stop(); err != nil {
			t.Error(err)
		}
	})
	a, err := h.desk.SendTest(h.as(staff.Owner))
	if err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-relay.told:
		if err != nil {
			t.Fatalf("the intake did not take the bounce: %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("no letter came to the relay")
	}
	h.read(func(ctx context.Context, tx *store.Tx) error {
		all, err := tx.Deliveries.Page(ctx, a, "", id.Delivery(""), 10)
		if err != nil {
			return err
		}
		if len(all) != 1 || all[0].State != reach.Bounced || all[0].Code != "5.1.1" {
			t.Errorf("the delivery stands as %+v", all)
			return nil
		}
		if why, err := tx.Suppressions.Of(ctx, "email", all[0].Address.Key()); err != nil || why != audience.HardBounce {
			t.Errorf("the address is suppressed as %q, %v", why, err)
		}
		return nil
	})
}
