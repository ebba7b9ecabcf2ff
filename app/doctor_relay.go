package app

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"candor/reach/email"
)

func relayFinding(r email.Report) Finding {
	if r.Class == email.OK {
		return Finding{"mail relay", Good, "takes mail from us", ""}
	}
	return Finding{"mail relay", Bad, string(r.Class), "Compare host, port, login and TLS with what the relay's operator gave you."}
}

// soon is how long before its end a certificate is worth a warning: long enough to get the next one without haste.
const soon = 14 * 24 * time.Hour

// protection says how letters are kept from others on their way to the relay. They hold customers' addresses, and links that act for them.
func protection(relay string, r email.Report, now time.Time) Finding {
	const about = "TLS"
	switch left := r.Until.Sub(now); {
	case inMachine(relay):
		return Finding{about, Good, "nobody is between: the relay is on this machine", ""}
	case !r.Encrypted:
		return Finding{about, Warning, "letters go to " + relay + " in clear", "Have the relay offer STARTTLS, then set ?tls=required."}
	case !r.Trusted:
		return Finding{about, Warning, "encrypted, but " + relay + " shows a certificate that does not prove its name", "Give the relay a valid certificate, then set ?tls=required: until then anybody between can play the relay."}
	case left < soon:
		return Finding{about, Warning, fmt.Sprintf("the relay's certificate ends on %s", r.Until.UTC().Format(time.DateOnly)), "Renew it: with ?tls=required no mail leaves after that day."}
	}
	return Finding{about, Good, "encrypted; the relay's certificate is valid until " + r.Until.UTC().Format(time.DateOnly), ""}
}

func inMachine(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// reverse looks whether the addresses mail comes from have a name that leads back to them (PTR, RFC 1912 2.1): Gmail and Outlook refuse
// those without. A relay on this machine sends from this machine's addresses, another one perhaps from others than we send to, and either may
// hand on to a third: so nothing here is more than a warning.
func (d Doctor) reverse(ctx context.Context, relay string) (out []Finding) {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	own := inMachine(relay)
	advice := "Ask the relay's operator which addresses it sends from, and whether each has a name that leads back to it."
	from := slices.DeleteFunc(d.addresses(ctx, relay, own), func(a netip.Addr) bool { return !public(a) })
	if own {
		advice = "If this machine delivers by itself, ask whoever gave you the address to set its reverse name: Gmail and Outlook refuse mail without."
	}
	if len(from) == 0 {
		return []Finding{{"PTR", Warning, "the addresses your mail comes from cannot be seen from here", advice}}
	}
	for _, a := range from {
		switch name, back := d.named(ctx, a); {
		case back:
			out = append(out, Finding{"PTR", Good, a.String() + " is " + name + ", and back", ""})
		case name != "":
			out = append(out, Finding{"PTR", Warning, fmt.Sprintf("%s is %s, which does not lead back to it", a, name), advice})
		default:
			out = append(out, Finding{"PTR", Warning, a.String() + " has no name", advice})
		}
	}
	return out
}

// addresses of the relay, or of this machine if the relay is on it.
func (d Doctor) addresses(ctx context.Context, relay string, own bool) (all []netip.Addr) {
	if !own {
		all, _ = d.Resolve.LookupNetIP(ctx, "ip", relay)
		return all
	}
	if d.Addresses == nil {
		d.Addresses = net.InterfaceAddrs
	}
	here, _ := d.Addresses() // none: then they cannot be seen, which is what is said
	for _, a := range here {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			all = append(all, p.Addr())
		}
	}
	return all
}

func public(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsGlobalUnicast() && !a.IsPrivate()
}

// named is an address's name, and whether the name leads back.
func (d Doctor) named(ctx context.Context, a netip.Addr) (name string, back bool) {
	names, _ := d.Resolve.LookupAddr(ctx, a.Unmap().String())
	for _, name := range names {
		there, _ := d.Resolve.LookupNetIP(ctx, "ip", name)
		if slices.ContainsFunc(there, func(x netip.Addr) bool { return x.Unmap() == a.Unmap() }) {
			return strings.TrimSuffix(name, "."), true
		}
	}
	if len(names) == 0 {
		return "", false
	}
	return strings.TrimSuffix(names[0], "."), false
}
