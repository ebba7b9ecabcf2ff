package intake_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"candor/audience"
	"candor/desk"
	"candor/id"
	"candor/intake"
	"candor/lang"
	"candor/reach"
	"candor/reach/email"
	"candor/store"
	"candor/store/storetest"
)

const returnDomain = "bounce.example.com"

// A house takes mail on loopback, and has told two customers something.
type house struct {
	db        *store.DB
	at        string
	secret    []byte
	log       *words
	dana, eve letter
	stop      func() error
}

// A letter was accepted for one of them.
type letter struct {
	id      id.Delivery
	address audience.Address
	path    string // its return path
}

// words is a log that can be read while it is written.
type words struct {
	mu  sync.Mutex
	all strings.Builder
}

func (w *words) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.all.Write(p)
}

func (w *words) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.all.String()
}

func openHouse(t *testing.T, db *store.DB, change func(*intake.Config)) *house {
	t.Helper()
	h := &house{db: db, log: &words{}}
	h.write(t, func(ctx context.Context, tx *store.Tx) (err error) {
		s, version, err := tx.Settings.Load(ctx)
		if err != nil {
			return err
		}
		s.Mail.ReturnDomain, s.Mail.ReplyTo = returnDomain, "Reply@"+returnDomain
		if _, err := tx.Settings.Save(ctx, s, version); err != nil {
			return err
		}
		h.secret, err = tx.Instance.Secret(ctx, store.LinkSecret)
		return err
	})
	h.dana, h.eve = h.letter(t, "dana@example.org"), h.letter(t, "eve@example.org")
	c := intake.Config{
		DB: db, Desk: desk.New(db, &url.URL{Scheme: "https", Host: "status.example.com"}, nil),
		Log: slog.New(slog.NewTextHandler(h.log, nil)), ParseReturn: email.ParseReturnPath,
	}
	if change != nil {
		change(&c)
	}
	in := intake.New(c)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.at = l.Addr().String()
	served := make(chan error, 1)
	go func() { served <- in.Serve(l) }()
	h.stop = sync.OnceValue(func() error { return errors.Join(in.Stop(context.Background()), <-served) })
	t.Cleanup(func() {
		if err := h.stop(); err != nil {
			t.Error(err)
		}
	})
	return h
}

func (h *house) write(t *testing.T, f func(context.Context, *store.Tx) error) {
	t.Helper()
	if err := h.db.Write(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func (h *house) letter(t *testing.T, address audience.Address) letter {
	t.Helper()
	at := time.Now().UTC().Truncate(time.Microsecond)
	x, a, c := id.New[id.Delivery](at), id.New[id.Announcement](at), id.New[id.Contact](at)
	h.write(t, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.Contacts.Add(ctx, audience.Contact{ID: c, Code: id.NewCode(), Channel: "email", Address: address, Language: lang.English, CreatedAt: at}); err != nil {
			return err
		}
		if err := tx.Announcements.Add(ctx, reach.Announcement{ID: a, Kind: reach.OnTest, Priority: reach.Urgent, AsOf: at}); err != nil {
			return err
		}
		if _, err := tx.Deliveries.Plan(ctx, []reach.Delivery{{ID: x, Announcement: a, Channel: "email", Address: address, Contact: c, Language: lang.English, PlannedAt: at}}); err != nil {
			return err
		}
		was, err := tx.Deliveries.ByID(ctx, x)
		if err != nil {
			return err
		}
		_, err = tx.Deliveries.Heed(ctx, was, reach.Accepted, reach.Receipt{Reason: reach.ReasonAccepted, At: at})
		return err
	})
	return letter{x, address, email.ReturnPath(x, h.secret, returnDomain)}
}

// send hands a mail over, and answers the code of the refusal, 250 if there is none.
func (h *house) send(t *testing.T, to, mail string) int {
	t.Helper()
	c, err := smtp.Dial(h.at)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return codeOf(t, c.SendMail("", []string{to}, strings.NewReader(strings.ReplaceAll(mail, "\n", "\r\n"))))
}

func codeOf(t *testing.T, err error) int {
	t.Helper()
	var refused *smtp.SMTPError
	switch {
	case err == nil:
		return 250
	case errors.As(err, &refused):
		return refused.Code
	}
	t.Fatal(err)
	return 0
}

// look is the state of a letter, why its address is suppressed, and what came back.
func (h *house) look(t *testing.T, l letter) (state reach.State, suppressed audience.SuppressionReason, kinds []reach.ReceiptKind) {
	t.Helper()
	ctx := t.Context()
	err := h.db.Read(ctx, func(tx *store.Tx) error {
		d, err := tx.Deliveries.ByID(ctx, l.id)
		if err != nil {
			return err
		}
		state = d.State
		if suppressed, err = tx.Suppressions.Of(ctx, "email", l.address.Key()); errors.Is(err, store.ErrNotFound) {
			err = nil
		}
		if err != nil {
			return err
		}
		all, err := tx.Receipts.Of(ctx, l.id)
		for _, r := range all {
			kinds = append(kinds, r.Kind)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return state, suppressed, kinds
}

func (h *house) wants(t *testing.T, what string, l letter, want string) {
	t.Helper()
	state, suppressed, kinds := h.look(t, l)
	if got := fmt.Sprint(state, " ", suppressed, " ", kinds); got != want {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}

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
	for _, to := range []string{
		"dana@example.org", "postmaster@" + returnDomain, "bounce@" + returnDomain, tail + "@evil.example", tail[:len(tail)-1] + "a@" + returnDomain,
		email.ReturnPath(h.dana.id, []byte("another installation's secret"), returnDomain), "b+@" + returnDomain, "b+-@" + returnDomain,
		"reply@evil.example", strings.Repeat("a", 400) + "@" + returnDomain,
	} {
		if code := h.send(t, to, dsn("1", h.dana.address, "5.1.1")); code != 550 && code != 501 {
			t.Errorf("%.80s: %d, want to be turned away", to, code)
		}
	}
	h.wants(t, "Dana's", h.dana, "accepted  []")
}

func TestB18AReportThatNamesSomebodyElseSilencesNobodyElse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := openHouse(t, db, nil)
		// Eve knows the return path of her own letter, and tells about Dana.
		if code := h.send(t, h.eve.path, dsn("1", h.dana.address, "5.1.1")); code != 250 {
			t.Errorf("refused with %d", code)
		}
		h.wants(t, "Dana's", h.dana, "accepted  []")
		h.wants(t, "Eve's", h.eve, "bounced bounced [bounced]")
	})
}

// A hundred thousand forged return paths from five hundred addresses: none is accepted, nobody is silenced, and the database is not asked.
func TestB18AForgedStormOfBouncesSilencesNobody(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), nil)
	const strangers, each = 500, 200
	var wg sync.WaitGroup
	var mu sync.Mutex
	accepted, answered := 0, 0
	turn := make(chan struct{}, 50)
	for n := range strangers {
		wg.Add(1)
		turn <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-turn }()
			a, b := storm(h.at, fmt.Sprintf("127.0.%d.%d", 1+n/200, 1+n%200), string(h.dana.id), each)
			mu.Lock()
			accepted, answered = accepted+a, answered+b
			mu.Unlock()
		}()
	}
	wg.Wait()
	if accepted > 0 || answered < strangers*each*9/10 {
		t.Errorf("%d of %d forged addresses were accepted, want none of %d", accepted, answered, strangers*each)
	}
	h.wants(t, "Dana's", h.dana, "accepted  []")
	// The storm's own networks are shut out, nobody else.
	if code := h.send(t, h.eve.path, dsn("1", h.eve.address, "5.1.1")); code != 250 {
		t.Errorf("after the storm a true bounce is refused with %d", code)
	}
}

// storm tries forged return paths of a delivery, all in one breath.
func storm(at, from, delivery string, n int) (accepted, answered int) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 30 * time.Second}
	conn, err := d.Dial("tcp", at)
	if err != nil {
		return 0, 0
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	var lines strings.Builder
	lines.WriteString("EHLO storm.example\r\nMAIL FROM:<>\r\n")
	for i := range n {
		fmt.Fprintf(&lines, "RCPT TO:<b+%s-%016d@%s>\r\n", strings.ToLower(strings.TrimPrefix(delivery, "dlv_")), i, returnDomain)
	}
	go func() { _, _ = io.WriteString(conn, lines.String()) }()
	for r := bufio.NewScanner(conn); answered < n && r.Scan(); {
		line := r.Text()
		switch {
		case strings.HasPrefix(line, "5"), strings.HasPrefix(line, "421"):
			answered++
		case strings.HasPrefix(line, "250 2.0.0 I'll make sure"):
			accepted++
			answered++
		}
	}
	return accepted, answered
}

func TestOneNetworkGetsOnlySoManyConnections(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), func(c *intake.Config) { c.PerNetwork = 3 })
	var inside []*smtp.Client
	for range 3 {
		c, err := smtp.Dial(h.at)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Hello("x.example"); err != nil {
			t.Fatal(err)
		}
		inside = append(inside, c)
	}
	fourth, err := smtp.Dial(h.at)
	if err != nil {
		t.Fatal(err)
	}
	defer fourth.Close()
	if err := fourth.Hello("x.example"); err == nil {
		t.Error("a fourth connection was let in")
	}
	if err := inside[0].Quit(); err != nil {
		t.Fatal(err)
	}
	if code := h.send(t, h.dana.path, dsn("1", h.dana.address, "5.1.1")); code != 250 {
		t.Errorf("after one had left the next is refused with %d", code)
	}
}

func TestAMailServerOfOnesOwnInFrontIsNotShutOutForWhatStrangersSend(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), func(c *intake.Config) { c.Trusted = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")} })
	if accepted, answered := storm(h.at, "127.0.0.1", string(h.dana.id), 500); accepted > 0 || answered != 500 {
		t.Errorf("%d of 500 forged addresses were accepted, %d answered", accepted, answered)
	}
	if code := h.send(t, h.dana.path, dsn("1", h.dana.address, "5.1.1")); code != 250 {
		t.Errorf("then a true bounce is refused with %d", code)
	}
}

func TestWhoIsTooSlowIsCut(t *testing.T) {
	h := openHouse(t, storetest.Open(t, storetest.SQLite(t)), func(c *intake.Config) { c.Patience, c.Whole = time.Minute, 300*time.Millisecond })
	conn, err := net.Dial("tcp", h.at)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	began := time.Now()
	_ = conn.SetReadDeadline(began.Add(20 * time.Second))
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Errorf("the intake still waits after %v: %v", time.Since(began), err)
	}
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
