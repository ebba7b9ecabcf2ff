package email

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"candor/reach"
)

// TLS says how a connection to the relay is protected.
type TLS string

// Modes of TLS.
const (
	TLSRequired      TLS = "required"      // STARTTLS or nothing; the certificate must be valid
	TLSOpportunistic TLS = "opportunistic" // STARTTLS if offered, any certificate: keeps listeners out, not impostors. No login is sent.
	TLSImplicit      TLS = "implicit"      // TLS from the first byte, port 465
	TLSNone          TLS = "none"          // for a relay on the same machine
)

// Secret does not show itself in logs or messages.
type Secret string

func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "•••"
}

// GoString hides it from %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue hides it from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// DKIM is one signature. Two of them, RSA and Ed25519, serve old and new receivers (RFC 8463).
type DKIM struct {
	Domain   string
	Selector string
	KeyPEM   Secret // PKCS#8 or PKCS#1; RSA of 2,048 bits costs a core a millisecond a message, Ed25519 a twentieth
}

// Config is a relay and how to speak with it.
type Config struct {
	Host         string
	Port         int // 0: 465 with implicit TLS, 587 with a login, 25 otherwise
	TLS          TLS // empty: required with a login to another machine, opportunistic otherwise
	User         string
	Password     Secret
	From         reach.Mailbox // of messages that name none
	Helo         string        // empty: the return domain, or that of From
	Connections  int           // at most so many at once; 0: 10
	DKIM         []DKIM
	ReturnDomain string        // receives the bounces; empty: they go to From
	Timeout      time.Duration // of one Open or one Send, 0: 20 s. A lease is 30 s: who holds it longer sends what another is sending too
	RootCAs      *x509.CertPool
	Failpoint    reach.Failpoint
	// Dial opens a connection; nil is the network. A test with fake time has a relay of its own behind it.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// ParseURL reads smtp://user:password@host:port?tls=…&from=…&helo=…&return=…&connections=…&timeout=…, or smtps:// for implicit TLS. Its
// errors repeat nothing of the URL, which holds a password.
func ParseURL(s string) (Config, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" {
		return Config{}, errors.New("mail relay is not of the form smtp://user:password@host:port?tls=required")
	}
	c := Config{Host: u.Hostname(), User: u.User.Username()}
	password, _ := u.User.Password()
	c.Password = Secret(password)
	if u.Scheme == "smtps" {
		c.TLS = TLSImplicit
	}
	var faults []error
	if port := u.Port(); port != "" {
		c.Port, err = strconv.Atoi(port)
		faults = append(faults, err)
	}
	query, err := url.ParseQuery(u.RawQuery)
	faults = append(faults, err)
	for key, values := range query {
		if err := c.set(key, values[len(values)-1]); err != nil {
			faults = append(faults, fmt.Errorf("mail relay: %s: %w", key, err))
		}
	}
	return c.WithDefaults(), errors.Join(faults...)
}

func (c *Config) set(key, value string) (err error) {
	switch key {
	case "tls":
		c.TLS = TLS(value)
	case "from":
		var from *mail.Address
		if from, err = mail.ParseAddress(value); err != nil {
			return errors.New("not a mail address")
		}
		c.From = reach.Mailbox{Name: from.Name, Address: from.Address}
	case "helo":
		c.Helo = value
	case "return":
		c.ReturnDomain = value
	case "connections":
		c.Connections, err = strconv.Atoi(value)
	case "timeout":
		c.Timeout, err = time.ParseDuration(value)
	default:
		return errors.New("unknown option")
	}
	return err
}

// WithDefaults fills in what was left open.
func (c Config) WithDefaults() Config {
	if c.TLS == "" {
		c.TLS = TLSOpportunistic
		if c.User != "" {
			c.TLS = TLSRequired
			if loopback(c.Host) {
				c.TLS = TLSNone
			}
		}
	}
	if c.Port == 0 {
		c.Port = 25
		if c.User != "" {
			c.Port = 587
		}
		if c.TLS == TLSImplicit {
			c.Port = 465
		}
	}
	if c.Connections == 0 {
		c.Connections = 10
	}
	if c.Timeout == 0 {
		c.Timeout = 20 * time.Second
	}
	return c
}

// helo is decided late, because From and the return domain may be set after the URL was read. Relays distrust who calls himself localhost.
func (c Config) helo() string {
	name := cmp.Or(c.Helo, c.ReturnDomain, c.From.Address[strings.LastIndexByte(c.From.Address, '@')+1:], "localhost")
	if ascii, err := checkDomain(name); err == nil {
		return ascii
	}
	return name
}

// Validate reports everything that is wrong, so that one round of mending is enough.
func (c Config) Validate() error {
	var faults []error
	wrong := func(bad bool, format string, args ...any) {
		if bad {
			faults = append(faults, fmt.Errorf("mail relay: "+format, args...))
		}
	}
	wrong(c.Host == "" || hostile(c.Host), "host is missing or malformed")
	wrong(c.Port < 1 || c.Port > 65535, "port %d is not from 1 to 65535", c.Port)
	switch c.TLS {
	case TLSRequired, TLSImplicit:
	case TLSOpportunistic, TLSNone:
		wrong(c.User != "" && !loopback(c.Host), "a login needs TLS required or implicit")
	default:
		wrong(true, "TLS is required, opportunistic, implicit or none")
	}
	wrong((c.User == "") != (c.Password == ""), "user and password come together")
	wrong(c.Connections < 1 || c.Connections > 1000, "connections are from 1 to 1000")
	wrong(c.Timeout < time.Second || c.Timeout >= 30*time.Second, "timeout is from 1s to less than the 30s of a lease")
	wrong(hostile(c.Helo), "helo is malformed")
	if c.From.Address != "" {
		err := CheckAddress(c.From.Address)
		wrong(err != nil, "from: %v", err)
	}
	wrong(controls(c.From.Name), "from has a control character in its name")
	if c.ReturnDomain != "" {
		_, err := checkDomain(c.ReturnDomain)
		wrong(err != nil, "return domain is malformed")
	}
	for i, d := range c.DKIM {
		_, err := d.signer()
		wrong(err != nil, "DKIM signature %d: %v", i+1, err)
	}
	return errors.Join(faults...)
}

// LogValue shows where mail goes and nothing that opens a door.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("host", c.Host), slog.Int("port", c.Port), slog.String("tls", string(c.TLS)),
		slog.Bool("login", c.User != ""), slog.Int("connections", c.Connections), slog.Int("signatures", len(c.DKIM)))
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// hostile finds what could end a command line or hide in it.
func hostile(word string) bool {
	return strings.ContainsFunc(word, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '<' || r == '>' }) || len(word) > 253
}

func controls(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}
