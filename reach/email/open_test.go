package email

import (
	"crypto/x509"
	"encoding/base64"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"candor/reach"
)

func TestALetterTravelsEncryptedAndLoggedIn(t *testing.T) {
	t.Parallel()
	certificate, pool := testCertificate(t)
	plain := "AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00dana\x00s3cret"))
	rows := []struct {
		name   string
		server *script
		mode   TLS
		login  string
	}{
		{"STARTTLS and PLAIN", &script{hello: "250-STARTTLS\r\n250-AUTH LOGIN PLAIN\r\n", startTLS: certificate}, TLSRequired, plain},
		{"STARTTLS and LOGIN", &script{
			hello: "250-STARTTLS\r\n250-AUTH LOGIN\r\n", startTLS: certificate,
			answers: map[string][]string{"AUTH": {"334 VXNlcm5hbWU6"}, "ZGFuYQ==": {"334 UGFzc3dvcmQ6"}, "czNjcmV0": {"235 2.7.0 welcome"}},
		}, TLSRequired, "AUTH LOGIN"},
		{"TLS from the first byte", &script{hello: "250-AUTH PLAIN\r\n", startTLS: certificate, implicit: true}, TLSImplicit, plain},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			server := row.server
			server.start(t)
			channel := server.channel(t, func(c *Config) {
				c.TLS, c.RootCAs, c.User, c.Password = row.mode, pool, "dana", "s3cret"
			})
			if got := send(t, channel, bulkMessage())[0]; got.Outcome != reach.Taken {
				t.Errorf("got %+v", got)
			}
			if heard := strings.Join(server.commands(), "\n"); !strings.Contains(heard, row.login) {
				t.Errorf("no %q in\n%s", row.login, heard)
			}
		})
	}
}

func TestOpportunisticTLSTakesAnyCertificateAndDoesWithout(t *testing.T) {
	t.Parallel()
	certificate, _ := testCertificate(t)
	for name, server := range map[string]*script{
		"offered":     {hello: "250-STARTTLS\r\n", startTLS: certificate},
		"not offered": {},
	} {
		channel := server.start(t).channel(t, func(c *Config) { c.TLS = TLSOpportunistic })
		if got := send(t, channel, bulkMessage())[0]; got.Outcome != reach.Taken {
			t.Errorf("%s: %+v", name, got)
		}
		if asked := strings.Contains(strings.Join(server.commands(), " "), "STARTTLS"); asked != (name == "offered") {
			t.Errorf("%s: STARTTLS asked: %v", name, asked)
		}
	}
}

// V33: what a host says to strangers is not repeated to whoever may press "send a test mail".
func TestV33ATestSaysOnlyTheClassOfAFailure(t *testing.T) {
	t.Parallel()
	certificate, pool := testCertificate(t)
	const banner = "SSH-2.0-OpenSSH_9.2 secret-banner"
	rows := []struct {
		name   string
		server *script
		change func(*Config)
		want   Class
	}{
		{"all is well", &script{hello: pipelining}, nil, OK},
		{"a host that is no mail server", &script{banner: banner}, nil, Refused},
		{"a relay that turns us away", &script{banner: "554 5.7.1 " + banner}, nil, Refused},
		{"nobody listens", nil, func(c *Config) { c.Port = closedPort(t) }, Refused},
		{"a name that does not exist", nil, func(c *Config) { c.Host = "relay.invalid" }, DNS},
		{"a host that says nothing", &script{banner: "MUTE"}, func(c *Config) { c.Timeout = time.Second }, Timeout},
		{"a relay that stops answering", &script{answers: map[string][]string{"RCPT": {"MUTE"}}}, func(c *Config) { c.Timeout = time.Second }, Timeout},
		{"STARTTLS is not offered", &script{}, func(c *Config) { c.TLS = TLSRequired }, TLSFault},
		{"STARTTLS is refused", &script{hello: "250-STARTTLS\r\n", answers: map[string][]string{"STARTTLS": {"454 4.7.0 " + banner}}}, func(c *Config) { c.TLS = TLSOpportunistic }, TLSFault},
		{"STARTTLS is offered and is not TLS", &script{hello: "250-STARTTLS\r\n", breakTLS: true}, func(c *Config) { c.TLS = TLSRequired }, TLSFault},
		{
			"something is injected behind STARTTLS", &script{hello: "250-STARTTLS\r\n", startTLS: certificate, answers: map[string][]string{"STARTTLS": {"220 go ahead\r\n250 injected"}}},
			func(c *Config) { c.TLS, c.RootCAs = TLSRequired, pool }, TLSFault,
		},
		{"a certificate nobody vouches for", &script{hello: "250-STARTTLS\r\n", startTLS: certificate}, func(c *Config) { c.TLS = TLSRequired }, TLSFault},
		{"a wrong password", &script{hello: "250-AUTH PLAIN\r\n", answers: map[string][]string{"AUTH": {"535 5.7.8 " + banner}}}, login, Auth},
		{"no way to log in", &script{hello: "250-AUTH GSSAPI\r\n"}, login, Auth},
		{"the sender is refused", &script{answers: map[string][]string{"MAIL": {"550 5.1.8 " + banner}}}, nil, SenderRefused},
		{"the relay does not relay", &script{answers: map[string][]string{"RCPT": {"554 5.7.1 Relay access denied"}}}, nil, SenderRefused},
		{"the recipient is refused", &script{answers: map[string][]string{"RCPT": {"550 5.1.1 " + banner}}}, nil, RecipientRefused},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			c := Config{Host: "127.0.0.1", Port: 1, TLS: TLSNone, From: reach.Mailbox{Address: "status@status.example"}}
			if row.server != nil {
				c.Port = row.server.start(t).listener.Addr().(*net.TCPAddr).Port
			}
			if row.change != nil {
				row.change(&c)
			}
			if got := Test(t.Context(), c, "dana@example.com"); got.Class != row.want {
				t.Errorf("class %q, want %q", got.Class, row.want)
			}
			if row.server != nil && strings.Contains(strings.Join(row.server.commands(), " "), "DATA") {
				t.Error("a test sent a letter")
			}
			channel, err := New(c)
			if err != nil {
				t.Fatal(err)
			}
			_, err = channel.Open(t.Context())
			var failed *OpenError
			if err != nil && (!errors.As(err, &failed) || strings.Contains(err.Error(), "secret-banner")) {
				t.Errorf("Open says %v", err)
			}
		})
	}
}

func TestATestSaysWhetherTheConversationWasEncrypted(t *testing.T) {
	t.Parallel()
	certificate, pool := testCertificate(t)
	server := (&script{hello: "250-STARTTLS\r\n", startTLS: certificate}).start(t)
	c := server.channel(t).config
	if got := Test(t.Context(), c, ""); got != (Report{Class: OK}) {
		t.Errorf("without TLS: %+v", got)
	}
	leaf, err := x509.ParseCertificate(certificate.Certificates[0].Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	until := leaf.NotAfter
	c.TLS = TLSOpportunistic
	if got := Test(t.Context(), c, ""); got != (Report{Class: OK, Encrypted: true, Until: until}) {
		t.Errorf("with TLS and a certificate nobody vouches for: %+v", got)
	}
	c.TLS, c.RootCAs = TLSRequired, pool
	if got := Test(t.Context(), c, ""); got != (Report{Class: OK, Encrypted: true, Trusted: true, Until: until}) {
		t.Errorf("with TLS: %+v", got)
	}
}

func login(c *Config) { c.User, c.Password = "dana", "wrong" }

func closedPort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
