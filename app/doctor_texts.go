package app

import (
	"net/netip"
	"net/url"
	"strings"

	"candor/reach"
	"candor/settings"
)

// texts looks at what can be known of text messages without sending one. Registration of senders is the operator's duty and seen by nobody
// until a network refuses: so it is asked for here.
func (d Doctor) texts(s settings.SMS) (out []Finding) {
	if len(s.Providers) == 0 {
		return nil
	}
	add := func(grade Grade, saw, advice string) { out = append(out, Finding{"text messages", grade, saw, advice}) }
	inside, _ := d.Config.inside() // Validate has refused what cannot be read
	for _, p := range s.Providers {
		if why := unreachable(p.Base(), inside); why != "" {
			add(Bad, p.Name+" is not spoken to: "+why, "Give it an https address, or name its network with --allow-network.")
		}
		for _, country := range append([]string{s.Home}, s.Countries...) {
			from := p.Sender(country)
			if s.TwoWay && strings.Trim(from, "+0123456789") != "" && !settings.IsService(from) {
				add(Warning, p.Name+" signs with "+from+" in "+country+", which nobody can answer", "Use a number there, or switch two_way off: texts say that STOP ends them.")
			}
		}
	}
	if s.Allows("US") || s.Allows("CA") {
		add(Warning, "texts go to the US or Canada", "Is the sender registered (10DLC, toll-free or short code)? Networks refuse those that are not, with 30034 or 30007.")
	}
	if len(s.Providers) == 1 {
		add(Warning, "one provider", "Name a second one: while the only one is down no customer is texted.")
	}
	if len(out) == 0 {
		add(Good, "set up", "")
	}
	return out
}

// unreachable is why an address that names a machine by number will not be spoken to; of names only a connection tells.
func unreachable(base string, inside []netip.Prefix) string {
	u, err := url.Parse(strings.Split(base, "?")[0])
	if err != nil {
		return "its address cannot be read"
	}
	ip, err := netip.ParseAddr(u.Hostname())
	switch {
	case err != nil && u.Scheme == "http" && len(inside) == 0:
		return "not encrypted"
	case err != nil:
		return ""
	case u.Scheme == "http" && !reach.Allowed(ip, inside):
		return "not encrypted"
	}
	port := uint16(443)
	if p, err := netip.ParseAddrPort(u.Host); err == nil {
		port = p.Port()
	} else if u.Scheme == "http" {
		port = 80
	}
	if ok, why := reach.Permitted(netip.AddrPortFrom(ip, port), inside); !ok {
		return why
	}
	return ""
}
