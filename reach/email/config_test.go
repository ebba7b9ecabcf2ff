package email

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/reach"
)

func TestParseURLReadsARelay(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]Config{
		"smtp://relay.example": {Host: "relay.example", Port: 25, TLS: TLSOpportunistic, Connections: 10, Timeout: 20 * time.Second},
		"smtp://127.0.0.1:2525?from=Harbour+%3Cstatus%40harbour.example%3E&connections=50&timeout=5s": {
			Host: "127.0.0.1", Port: 2525, TLS: TLSOpportunistic, Connections: 50, Timeout: 5 * time.Second,
			From: reach.Mailbox{Name: "Harbour", Address: "status@harbour.example"},
		},
		"smtp://dana:p%40ss@relay.example":                       {Host: "relay.example", Port: 587, TLS: TLSRequired, User: "dana", Password: "p@ss", Connections: 10, Timeout: 20 * time.Second},
		"smtp://dana:x@localhost":                                {Host: "localhost", Port: 587, TLS: TLSNone, User: "dana", Password: "x", Connections: 10, Timeout: 20 * time.Second},
		"smtps://dana:x@relay.example?return=bounce.example":     {Host: "relay.example", Port: 465, TLS: TLSImplicit, User: "dana", Password: "x", Connections: 10, Timeout: 20 * time.Second, ReturnDomain: "bounce.example"},
		"smtp://[::1]:25?tls=none&helo=me.example":               {Host: "::1", Port: 25, TLS: TLSNone, Connections: 10, Timeout: 20 * time.Second, Helo: "me.example"},
		"smtp://relay.example/?tls=required&return=b.example.":   {Host: "relay.example", Port: 25, TLS: TLSRequired, Connections: 10, Timeout: 20 * time.Second, ReturnDomain: "b.example."},
		"smtp://relay.example:2525?tls=opportunistic&timeout=9s": {Host: "relay.example", Port: 2525, TLS: TLSOpportunistic, Connections: 10, Timeout: 9 * time.Second},
	} {
		got, err := ParseURL(url)
		if err != nil {
			t.Errorf("%s: %v", url, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", url, diff)
		}
	}
}

func TestParseURLRefusesWithoutRepeatingThePassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"", "relay.example", "http://dana:s3cret@relay.example", "smtp://", "smtp://dana:s3cret@relay.example:port", "smtp://dana:s3cret@relay.example/path",
		"smtp://dana:s3cret@relay.example?tsl=required", "smtp://dana:s3cret@relay.example?connections=many", "smtp://dana:s3cret@relay.example?from=%00",
		"smtp://dana:s3cret%zz@relay.example", "smtp://dana:s3cret@relay.example:99999999999999999999",
	} {
		_, err := ParseURL(url)
		if err == nil {
			t.Errorf("%q was accepted", url)
			continue
		}
		if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: the password is in %q", url, err)
		}
	}
}

func TestARelayIsGreetedByANameOfTheCompany(t *testing.T) {
	t.Parallel()
	c, err := ParseURL("smtp://relay.example")
	if err != nil || c.helo() != "localhost" {
		t.Errorf("with nothing known: %q, %v", c.helo(), err)
	}
	c.From.Address = "status@harbour.example" // settings come after the URL
	if got := c.helo(); got != "harbour.example" {
		t.Errorf("with a sender: %q", got)
	}
	c.From.Address = "status@hafenbüro.example"
	if got := c.helo(); got != "xn--hafenbro-c6a.example" {
		t.Errorf("with a sender whose name is not ASCII: %q", got)
	}
	c.ReturnDomain = "bounce.harbour.example"
	if got := c.helo(); got != "bounce.harbour.example" {
		t.Errorf("with a return domain: %q", got)
	}
	c.Helo = "mail.harbour.example"
	if got := c.helo(); got != "mail.harbour.example" {
		t.Errorf("with a name: %q", got)
	}
}

func TestValidateReportsEveryFaultAtOnce(t *testing.T) {
	t.Parallel()
	c := Config{
		Host: "relay\r\nexample", Port: 70000, TLS: "maybe", User: "dana", Connections: 5000, Timeout: time.Hour, Helo: "a b",
		From: reach.Mailbox{Name: "x\r\ny", Address: "nobody"}, ReturnDomain: "..", DKIM: []DKIM{{Domain: "x"}, {Domain: "a.example", Selector: "s", KeyPEM: "junk"}},
	}
	got := strings.Split(c.Validate().Error(), "\n")
	if len(got) != 12 {
		t.Errorf("%d faults, want 12:\n%s", len(got), strings.Join(got, "\n"))
	}
	if err := (Config{Host: "relay.example", User: "dana", Password: "x", TLS: TLSOpportunistic}).WithDefaults().Validate(); err == nil {
		t.Error("a login over a connection that anyone may impersonate was accepted")
	}
	if _, err := New(Config{Host: "relay.example", From: reach.Mailbox{Address: "status@harbour.example"}}); err != nil {
		t.Errorf("a plain relay is refused: %v", err)
	}
}

func TestSecretsDoNotShowThemselves(t *testing.T) {
	t.Parallel()
	c := Config{Host: "relay.example", User: "dana@example.com", Password: "s3cret", DKIM: []DKIM{{KeyPEM: "s3cret"}}}
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Info("relay", "config", c, "password", c.Password, "key", c.DKIM[0].KeyPEM)
	}
	fmt.Fprintf(&log, "%v %+v %#v %s", c, c, c, c.Password)
	if strings.Contains(log.String(), "s3cret") {
		t.Error(log.String())
	}
	if !strings.Contains(log.String(), "relay.example") {
		t.Error("the log does not say which relay")
	}
}
