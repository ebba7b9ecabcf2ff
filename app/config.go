// Package app makes a running Candor of its parts.
//
// It is the only place that names concrete channels and hosts, and the only one that starts and stops what runs by itself: New opens the
// database, Start listens, Stop drains within twenty seconds and loses nothing.
package app

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"candor/reach/email"
)

// Config is what a node is told from outside. What the company chose is in the database (package settings).
type Config struct {
	Listen        string // address of the public page and the API
	ConsoleListen string // its own address for the console; empty: beside the page
	Database      string // sqlite:PATH or postgres://…
	PublicURL     string // the only base links are built on; empty: where Listen turns out to be
	StripeKey     string // secret key of the billing system; empty: finance imports files
	StripeURL     string // where that is; empty: Stripe's own
	SMTP          string // smtp://…; overrides the company's setting
	Intake        string // where mail that comes back is taken; empty: nowhere
	IntakeCert    string // files of the certificate and key it offers STARTTLS with; empty: it offers none
	IntakeKey     string
	// TrustedProxies may tell us the client's address. None by default (V30).
	TrustedProxies []string
	// AllowNetworks may be spoken to although they are not public: a gateway of one's own, a webhook inside the house (B1).
	AllowNetworks []string
	RecordKey     string // file of the keys that sign the record's heads; empty: the one this installation drew
	Node          string // name of this node; by default the host's
	Failpoint     string // kill tests: the point at which this process kills itself, "after-dot" or "after-dot:3"
}

// Validate reports every fault at once.
func (c Config) Validate() error {
	var faults []error
	for what, address := range map[string]string{"--listen": c.Listen, "--console-listen": c.ConsoleListen, "--intake": c.Intake} {
		if address == "" && what != "--listen" {
			continue
		}
		if _, _, err := net.SplitHostPort(address); err != nil {
			faults = append(faults, fmt.Errorf("%s %q: want HOST:PORT, such as 127.0.0.1:8080", what, address))
		}
	}
	if _, err := c.base(); err != nil && c.PublicURL != "" {
		faults = append(faults, err)
	}
	if !strings.HasPrefix(c.Database, "sqlite:") && !strings.HasPrefix(c.Database, "postgres:") && !strings.HasPrefix(c.Database, "postgresql:") {
		faults = append(faults, errors.New("--database: want sqlite:PATH or postgres://USER@HOST/DATABASE"))
	}
	if c.SMTP != "" {
		if _, err := email.ParseURL(c.SMTP); err != nil {
			faults = append(faults, fmt.Errorf("--smtp: %w", err))
		}
	}
	if _, err := c.intakeTLS(); err != nil {
		faults = append(faults, err)
	}
	if _, err := c.recordKeys(); err != nil {
		faults = append(faults, err)
	}
	if _, err := c.proxies(); err != nil {
		faults = append(faults, err)
	}
	if _, err := c.inside(); err != nil {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

func (c Config) base() (*url.URL, error) {
	u, err := url.Parse(c.PublicURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
		return nil, fmt.Errorf("--public-url %q: want https://HOST without a path", c.PublicURL)
	}
	u.Path = ""
	return u, nil
}

func (c Config) proxies() ([]netip.Prefix, error) {
	return networks("--trusted-proxy", c.TrustedProxies)
}

func (c Config) inside() ([]netip.Prefix, error) { return networks("--allow-network", c.AllowNetworks) }

func networks(flag string, typed []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, s := range typed {
		if addr, err := netip.ParseAddr(s); err == nil {
			addr = addr.Unmap()
			all = append(all, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("%s %q: want an address or a network such as 10.0.0.0/8", flag, s)
		}
		if p.Addr().Is4In6() {
			return nil, fmt.Errorf("%s %q: write IPv4 networks as IPv4", flag, s) // addresses are compared unmapped: it would match nothing
		}
		all = append(all, p)
	}
	return all, nil
}

// node is the lease holder's name of this process's machine.
func (c Config) node() string {
	if c.Node != "" {
		return c.Node
	}
	if name, err := os.Hostname(); err == nil {
		return name
	}
	return "candor"
}
