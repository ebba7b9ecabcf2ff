package email

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-sasl"

	"candor/reach"
)

// Class is what may be said about a failure to someone who only knows the settings page. More would turn the page into a port scanner
// that reads banners aloud.
type Class string

// Classes.
const (
	OK               Class = "ok"
	Refused          Class = "refused" // nobody listens, or what listens turns us away
	DNS              Class = "dns"
	Timeout          Class = "timeout"
	TLSFault         Class = "tls"
	Auth             Class = "auth"
	SenderRefused    Class = "sender refused"
	RecipientRefused Class = "recipient refused"
)

// An OpenError says why there is no connection. Its text has none of the server's words.
type OpenError struct {
	Class Class
	cause error
}

func (e *OpenError) Error() string { return "open a connection to the mail relay: " + string(e.Class) }

// Reason is what the ledger says of the letters that wait for it.
func (e *OpenError) Reason() string { return reach.ReasonNoConnection + ": " + string(e.Class) }

// Unwrap gives the cause to those who branch on it, such as a cancelled context.
func (e *OpenError) Unwrap() error { return e.cause }

func openError(class Class, cause error) error {
	var timeout net.Error
	var dns *net.DNSError
	switch {
	case errors.As(cause, &dns):
		class = DNS
	case errors.Is(cause, context.DeadlineExceeded), errors.Is(cause, os.ErrDeadlineExceeded), errors.As(cause, &timeout) && timeout.Timeout():
		class = Timeout
	}
	return &OpenError{Class: class, cause: cause}
}

// dial makes a connection that is ready for MAIL.
func (c *Channel) dial(ctx context.Context) (_ *wire, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	dial := c.config.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	conn, err := dial(ctx, "tcp", net.JoinHostPort(c.config.Host, strconv.Itoa(c.config.Port)))
	if err != nil {
		return nil, openError(Refused, err)
	}
	stop := bound(ctx, conn, c.config.Timeout)
	defer stop()
	w, err := c.greet(ctx, conn)
	if err == nil {
		err = c.login(w)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return w, nil
}

// bound makes ctx, or else the limit, end whatever conn is waiting for.
func bound(ctx context.Context, conn net.Conn, limit time.Duration) (stop func() bool) {
	deadline := time.Now().Add(limit)
	if d, ok := ctx.Deadline(); ok && d.Before(deadline) {
		deadline = d
	}
	conn.SetDeadline(deadline)
	return context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
}

func (c *Channel) greet(ctx context.Context, conn net.Conn) (*wire, error) {
	w := newWire(conn)
	if c.config.TLS == TLSImplicit {
		if err := w.encrypt(ctx, c.tlsConfig()); err != nil {
			return nil, err
		}
	}
	r, err := w.read()
	if err == nil && !r.ok() {
		err = errProtocol
	}
	if err == nil {
		err = w.hello(c.config.helo())
	}
	if err != nil {
		return nil, openError(Refused, err)
	}
	_, offered := w.ext["STARTTLS"]
	switch {
	case c.config.TLS == TLSRequired && !offered:
		return nil, openError(TLSFault, errors.New("STARTTLS is not offered"))
	case !offered || c.config.TLS == TLSImplicit || c.config.TLS == TLSNone:
		return w, nil
	}
	return c.startTLS(ctx, w)
}

func (c *Channel) startTLS(ctx context.Context, w *wire) (*wire, error) {
	r, err := w.command("STARTTLS")
	if err == nil && r.code != 220 {
		err = errors.New("STARTTLS is refused")
	}
	if err == nil && w.in.Buffered() > 0 {
		err = errors.New("something was injected behind STARTTLS") // CVE-2011-0411 and its many children
	}
	if err != nil {
		return nil, openError(TLSFault, err)
	}
	if err := w.encrypt(ctx, c.tlsConfig()); err != nil {
		return nil, err
	}
	if err := w.hello(c.config.helo()); err != nil { // what was offered in clear counts for nothing
		return nil, openError(TLSFault, err)
	}
	return w, nil
}

func (c *Channel) tlsConfig() *tls.Config {
	return &tls.Config{
		ServerName: c.config.Host, MinVersion: tls.VersionTLS12, RootCAs: c.config.RootCAs,
		InsecureSkipVerify: c.config.TLS == TLSOpportunistic, // the alternative is no encryption at all, and no login is sent (Validate)
	}
}

func (w *wire) encrypt(ctx context.Context, config *tls.Config) error {
	conn := tls.Client(w.conn, config)
	if err := conn.HandshakeContext(ctx); err != nil {
		return openError(TLSFault, err)
	}
	w.conn = conn
	w.in.Reset(conn)
	return nil
}

// login prefers PLAIN; LOGIN is for the servers of one large vendor.
func (c *Channel) login(w *wire) error {
	if c.config.User == "" {
		return nil
	}
	offered := strings.Fields(w.ext["AUTH"])
	var client sasl.Client
	switch {
	case has(offered, sasl.Plain):
		client = sasl.NewPlainClient("", c.config.User, string(c.config.Password))
	case has(offered, sasl.Login):
		client = &loginClient{answers: []string{c.config.User, string(c.config.Password)}}
	default:
		return openError(Auth, errors.New("neither PLAIN nor LOGIN is offered"))
	}
	if err := w.authenticate(client); err != nil {
		return openError(Auth, err)
	}
	return nil
}

// loginClient answers what LOGIN asks for in its order. go-sasl's sends the user unasked and insists on the prompt "Password:"; servers
// that do neither exist.
type loginClient struct{ answers []string }

func (l *loginClient) Start() (mechanism string, initial []byte, err error) {
	return sasl.Login, nil, nil
}

func (l *loginClient) Next([]byte) (answer []byte, err error) {
	if len(l.answers) == 0 {
		return nil, sasl.ErrUnexpectedServerChallenge
	}
	answer, l.answers = []byte(l.answers[0]), l.answers[1:]
	return answer, nil
}

func has(words []string, word string) bool {
	for _, w := range words {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

func (w *wire) authenticate(client sasl.Client) error {
	mechanism, initial, err := client.Start()
	if err != nil {
		return err
	}
	line := "AUTH " + mechanism
	if initial != nil {
		line += " " + base64.StdEncoding.EncodeToString(initial)
	}
	for range 5 { // no mechanism here asks more often
		r, err := w.command("%s", line)
		if err != nil || r.ok() {
			return err
		}
		if r.code != 334 {
			return fmt.Errorf("login refused with %d", r.code)
		}
		challenge, err := base64.StdEncoding.DecodeString(r.text)
		if err != nil {
			return errProtocol
		}
		answer, err := client.Next(challenge)
		if err != nil {
			return err
		}
		line = base64.StdEncoding.EncodeToString(answer)
	}
	return errProtocol
}
