package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"candor/audience"
	"candor/reach/email"
	"candor/settings"
	"candor/staff"
)

// Resolver is what the doctor asks of DNS; *net.Resolver answers it.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupNS(ctx context.Context, name string) ([]*net.NS, error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// records looks for what receivers look for: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489), and a server that takes the bounces.
func (d Doctor) records(ctx context.Context, s settings.Settings) []Finding {
	from := audience.Address(s.Mail.From).Domain()
	if from == "" {
		return []Finding{{"mail", Bad, "no sender address", "Set one in the console under Settings."}}
	}
	returns := s.Mail.ReturnDomain
	if returns == "" {
		returns = from
	}
	out := []Finding{
		d.record(ctx, "SPF", returns, "v=spf1", "Publish a TXT record that names your relay, such as v=spf1 include:RELAY -all."),
		d.record(ctx, "DMARC", "_dmarc."+from, "v=DMARC1", "Publish a TXT record such as v=DMARC1; p=quarantine; rua=mailto:YOU."),
	}
	if s.Mail.DKIMSelector != "" {
		out = append(out, d.record(ctx, "DKIM", s.Mail.DKIMSelector+"._domainkey."+from, "p=", "Publish the public key of the signing key in Settings."))
	} else {
		out = append(out, Finding{"DKIM", Warning, "Candor does not sign", "Good if your relay signs; else set a key and a selector in Settings."})
	}
	return append(out, d.bounces(ctx, returns))
}

const patience = 5 * time.Second

func (d Doctor) record(ctx context.Context, what, name, holds, advice string) Finding {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	texts, err := d.Resolve.LookupTXT(ctx, name)
	if err != nil && !absent(err) {
		return Finding{what, Warning, "DNS does not answer for " + name, "Ask again later, and see that DNS has servers at two providers."}
	}
	for _, text := range texts {
		if strings.Contains(strings.ReplaceAll(text, " ", ""), holds) {
			return Finding{what, Good, "published at " + name, ""}
		}
	}
	return Finding{what, Bad, "nothing at " + name, advice}
}

func (d Doctor) bounces(ctx context.Context, domain string) Finding {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if mx, err := d.Resolve.LookupMX(ctx, domain); err == nil && len(mx) > 0 {
		return Finding{"bounces", Good, fmt.Sprintf("%s takes mail for %s", strings.TrimSuffix(mx[0].Host, "."), domain), ""}
	}
	return Finding{"bounces", Warning, "no mail server for " + domain, "Publish an MX record: what cannot be delivered comes back there."}
}

func absent(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

// fate finds what goes down together with what it reports on: S0's page lay in the data centre that had no power, and GoDaddy's in 2012
// depended on the DNS that was down.
func (d Doctor) fate(ctx context.Context, s settings.Settings) []Finding {
	page, err := d.Config.base()
	company := host(s.Site)
	if err != nil || company == "" {
		return []Finding{{"shared fate", Warning, "the company's own site is not known", "Set it in Settings; then page, DNS and relay can be compared with it."}}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	out := []Finding{
		d.sameNetwork(ctx, "page and company site", page.Hostname(), company, "Serve the page from another provider, or mirror it there."),
		d.sameNames(ctx, page.Hostname(), company),
	}
	relay, err := email.ParseURL(d.Config.SMTP)
	if d.Config.SMTP == "" {
		relay, err = email.ParseURL(s.Mail.URL)
	}
	if err == nil && relay.Host != "" {
		out = append(out, d.sameNetwork(ctx, "mail relay and company site", relay.Host, company, "Use a relay at another provider: it must carry mail while you are down."))
	}
	return out
}

func (d Doctor) sameNetwork(ctx context.Context, what, a, b, advice string) Finding {
	of := func(name string) []netip.Addr {
		all, err := d.Resolve.LookupNetIP(ctx, "ip", name)
		if err != nil {
			return nil
		}
		return all
	}
	as, bs := of(a), of(b)
	if len(as) == 0 || len(bs) == 0 {
		return Finding{"shared fate", Warning, what + ": an address cannot be looked up", "Ask again later."}
	}
	for _, x := range as {
		for _, y := range bs {
			if network(x) == network(y) {
				return Finding{"shared fate", Warning, fmt.Sprintf("%s are in the same network, %s", what, network(x)), advice}
			}
		}
	}
	return Finding{"shared fate", Good, what + " are in different networks", ""}
}

// network is the neighbourhood that usually fails together: a /24, or a /48.
func network(a netip.Addr) netip.Prefix {
	a = a.Unmap()
	bits := 24
	if a.Is6() {
		bits = 48
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

func (d Doctor) sameNames(ctx context.Context, page, company string) Finding {
	a, b := d.servers(ctx, page), d.servers(ctx, company)
	if len(a) == 0 || len(b) == 0 {
		return Finding{"shared fate", Warning, "the name servers of page or company cannot be looked up", "Ask again later."}
	}
	for _, server := range a {
		if !slices.Contains(b, server) {
			return Finding{"shared fate", Good, "page and company site have different name servers", ""}
		}
	}
	return Finding{"shared fate", Warning, "page and company site have the same name servers", "Give the page a name whose DNS is served elsewhere: when your DNS is down, nobody finds the page that says so."}
}

// phones cannot be looked up: whether a number hangs on the network that is down, only a person knows. GoDaddy's did in 2012, and the lines
// gave a fast busy tone.
func phones(people []staff.Person) Finding {
	shown := 0
	for _, p := range people {
		if p.Active() && p.PublicPhone != "" {
			shown++
		}
	}
	if shown == 0 {
		return Finding{"shared fate", Warning, "no author shows customers a phone number", "Give at least one author a mobile number that works while your network is down."}
	}
	return Finding{
		"shared fate", Good, fmt.Sprintf("%d phone numbers are shown to customers", shown),
		"Candor cannot see what they hang on: call one while your network is unplugged.",
	}
}

// servers are the name servers of the nearest zone above a name.
func (d Doctor) servers(ctx context.Context, name string) []string {
	for strings.Contains(name, ".") {
		if all, err := d.Resolve.LookupNS(ctx, name); err == nil && len(all) > 0 {
			var hosts []string
			for _, ns := range all {
				hosts = append(hosts, strings.ToLower(ns.Host))
			}
			return hosts
		}
		_, name, _ = strings.Cut(name, ".")
	}
	return nil
}
