package intake_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"candor/audience"
	"candor/id"
	"candor/intake"
	"candor/reach/email"
	"candor/store"
	"candor/store/storetest"
)

// dsn is a report that names a recipient.
func dsn(name string, recipient audience.Address, status string) string {
	return fmt.Sprintf(`From: MAILER-DAEMON@mx.example.org
Message-ID: <%s@mx.example.org>
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; %s
Action: failed
Status: %s
--b--
`, name, recipient, status)
}

func TestABounceFindsItsLetterByTheAddressItComesTo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := openHouse(t, db, nil)
		for range 2 { // a server that was cut off says it again
			if code := h.send(t, strings.ToUpper(h.dana.path), dsn("1", h.dana.address, "5.1.1")); code != 250 {
				t.Errorf("refused with %d", code)
			}
		}
		h.wants(t, "Dana's", h.dana, "bounced bounced [bounced]")
		h.wants(t, "Eve's", h.eve, "accepted  []")
	})
}

func TestAPolicyAlarmsTheOperatorAndKeepsTheRecipient(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), nil)
	if code := h.send(t, h.dana.path, dsn("1", h.dana.address, "5.7.26")); code != 250 {
		t.Errorf("refused with %d", code)
	}
	h.wants(t, "Dana's", h.dana, "accepted  [policy]")
	if said := h.log.String(); !strings.Contains(said, "because of us") || !strings.Contains(said, "5.7.26") || strings.Contains(said, "dana@") {
		t.Errorf("the operator reads: %s", said)
	}
}

func TestAnAnswerFindsItsLetterByTheNameItAnswers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := openHouse(t, db, nil)
		answer := func(name, to string) string {
			return "From: dana@example.org\nMessage-ID: <" + name + "@example.org>\nIn-Reply-To: <" + to + ">\nSubject: Re: Websites\n\nWhen will it work?\n"
		}
		ours := strings.ToLower(string(h.dana.id)) + "@status.example.com"
		for _, c := range []struct {
			what, to, mail string
			code           int
		}{
			{"an answer", "reply@" + returnDomain, answer("a", ours), 250},
			{"an answer to the return path", h.dana.path, answer("b", "x@example.org"), 250},
			{"an answer to nothing of ours", "reply@" + returnDomain, answer("c", "x@example.org"), 554},
			{"an answer to a letter that never was", "reply@" + returnDomain, answer("d", strings.ToLower(string(id.New[id.Delivery](time.Now())))+"@x"), 550},
			{"a bounce that names a letter", "reply@" + returnDomain, "In-Reply-To: <" + ours + ">\n" + dsn("e", h.dana.address, "5.1.1"), 554},
			{"a holiday that names a letter", "reply@" + returnDomain, "Auto-Submitted: auto-replied\n" + answer("f", ours), 250},
		} {
			if code := h.send(t, c.to, c.mail); code != c.code {
				t.Errorf("%s: %d, want %d", c.what, code, c.code)
			}
		}
		h.wants(t, "Dana's", h.dana, "accepted  [reply reply auto_reply]")
	})
}

func TestMailForAnybodyElseIsTurnedAway(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), nil)
	tail := h.dana.path[:strings.IndexByte(h.dana.path, '@')]
	other := "a" // than the true last letter of the signature, which is now and then an a itself
	if strings.HasSuffix(tail, other) {
		other = "b"
	}
	for _, to := range []string{
		"dana@example.org", "postmaster@" + returnDomain, "bounce@" + returnDomain, tail + "@evil.example", tail[:len(tail)-1] + other + "@" + returnDomain,
		email.ReturnPath(h.dana.id, []byte("another installation's secret"), returnDomain), "b+@" + returnDomain, "b+-@" + returnDomain,
		"reply@evil.example", strings.Repeat("a", 400) + "@" + returnDomain,
	} {
		if code := h.send(t, to, dsn("1", h.dana.address, "5.1.1")); code != 550 && code != 501 {
			t.Errorf("%.80s: %d, want to be turned away", to, code)
		}
	}
	h.wants(t, "Dana's", h.dana, "accepted  []")
}

func TestALargeReportIsReadAsFarAsItMatters(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), nil)
	mail := dsn("1", h.dana.address, "5.1.1")
	mail = strings.Replace(mail, "--b--\n", "\n--b\nContent-Type: message/rfc822\n\n"+strings.Repeat(strings.Repeat("a", 70)+"\n", 50_000)+"--b--\n", 1)
	if code := h.send(t, h.dana.path, mail); code != 250 {
		t.Errorf("%d bytes are refused with %d", len(mail), code)
	}
	h.wants(t, "Dana's", h.dana, "bounced bounced [bounced]")
	if code := h.send(t, h.eve.path, mail+strings.Repeat(mail, 3)); code != 552 {
		t.Errorf("%d bytes are answered with %d, want 552", 4*len(mail), code)
	}
}

func TestMailMayComeEncrypted(t *testing.T) {
	web := httptest.NewTLSServer(nil) // for its certificate
	defer web.Close()
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), func(c *intake.Config) { c.TLS = &tls.Config{Certificates: web.TLS.Certificates} })
	c, err := smtp.DialStartTLS(h.at, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if code := codeOf(t, c.SendMail("", []string{h.dana.path}, strings.NewReader(dsn("1", h.dana.address, "5.1.1")))); code != 250 {
		t.Errorf("refused with %d", code)
	}
	h.wants(t, "Dana's", h.dana, "bounced bounced [bounced]")
}

func TestStoppingDoesNotWaitForWhoSaysNothing(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), nil)
	c, err := smtp.Dial(h.at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Hello("idle.example"); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := h.stop(); err != nil || time.Since(began) > 10*time.Second {
		t.Errorf("stopped after %v: %v", time.Since(began), err)
	}
}

func TestNothingIsTakenWithoutAReturnDomain(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), nil)
	h.write(t, func(ctx context.Context, tx *store.Tx) error {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.Mail.ReturnDomain = ""
		_, err = tx.Settings.Save(ctx, s, version)
		return err
	})
	if code := h.send(t, h.dana.path, dsn("1", h.dana.address, "5.1.1")); code != 550 {
		t.Errorf("%d, want 550", code)
	}
}
