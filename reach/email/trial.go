package email

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"time"

	"candor/reach"
)

// Report is what the settings page and candor doctor show of a relay.
type Report struct {
	Class     Class
	Encrypted bool      // the conversation was
	Trusted   bool      // and the relay's certificate is valid for its name: opportunistic TLS asks for none
	Until     time.Time // when that certificate ends
}

// Test goes through everything but the letter: connect, encrypt, log in, and with an address ask whether sender and recipient are
// accepted. No mail leaves: a test mail is an announcement with an audience of one, like every other.
func Test(ctx context.Context, c Config, to string) Report {
	channel, err := New(c)
	if err != nil {
		return Report{Class: Refused}
	}
	w, err := channel.dial(ctx)
	if err != nil {
		var failed *OpenError
		errors.As(err, &failed)
		return Report{Class: failed.Class}
	}
	defer w.conn.Close()
	defer bound(ctx, w.conn, channel.config.Timeout)()
	report := Report{Class: OK}
	if conn, ok := w.conn.(*tls.Conn); ok {
		report.shownBy(conn.ConnectionState().PeerCertificates, channel.config)
	}
	if to != "" {
		report.Class = channel.ask(w, to)
	}
	_, _ = w.command("QUIT")
	return report
}

// shownBy notes what the relay's certificates, its own first, are good for.
func (r *Report) shownBy(chain []*x509.Certificate, c Config) {
	between := x509.NewCertPool()
	for _, cert := range chain[1:] {
		between.AddCert(cert)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{DNSName: c.Host, Roots: c.RootCAs, Intermediates: between})
	r.Encrypted, r.Trusted, r.Until = true, err == nil, chain[0].NotAfter
}

func (c *Channel) ask(w *wire, to string) Class {
	from, err := parseAddress(c.config.From.Address)
	if err != nil {
		return SenderRefused
	}
	recipient, err := parseAddress(to)
	if err != nil {
		return RecipientRefused
	}
	steps := []struct {
		command string
		class   Class
	}{
		{"MAIL FROM:<" + from.text + ">", SenderRefused},
		{"RCPT TO:<" + recipient.text + ">", RecipientRefused},
		{"RSET", OK},
	}
	for _, step := range steps {
		r, err := w.command("%s", step.command)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return Timeout
		}
		if err != nil {
			return Refused
		}
		if r.ok() {
			continue
		}
		// A relay that wants a login or trusts us too little says so at RCPT: then it is not about the recipient.
		if outcome, _ := reach.Classify(r.code, r.enhanced, r.text); outcome == reach.Refused && step.class == RecipientRefused {
			return SenderRefused
		}
		return step.class
	}
	return OK
}
