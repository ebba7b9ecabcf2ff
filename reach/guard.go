package reach

import (
	"net/netip"
	"slices"
)

// A special network is one that must not be spoken to because somebody outside named it (B1).
type special struct {
	network netip.Prefix
	why     string
}

// specials are IANA's special-purpose registries for IPv4 and IPv6 (RFC 6890 and its successors), the translation prefixes that would lead
// back to them included.
var specials = []special{
	{netip.MustParsePrefix("0.0.0.0/8"), "this network"},
	{netip.MustParsePrefix("10.0.0.0/8"), "private network"},
	{netip.MustParsePrefix("100.64.0.0/10"), "shared network of a provider"},
	{netip.MustParsePrefix("127.0.0.0/8"), "this machine"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local"}, // with every cloud's metadata service
	{netip.MustParsePrefix("172.16.0.0/12"), "private network"},
	{netip.MustParsePrefix("192.0.0.0/24"), "protocol assignments"},
	{netip.MustParsePrefix("192.0.2.0/24"), "documentation"},
	{netip.MustParsePrefix("192.88.99.0/24"), "6to4 relay"},
	{netip.MustParsePrefix("192.168.0.0/16"), "private network"},
	{netip.MustParsePrefix("198.18.0.0/15"), "benchmarking"},
	{netip.MustParsePrefix("198.51.100.0/24"), "documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "documentation"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast"},
	{netip.MustParsePrefix("255.255.255.255/32"), "broadcast"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved"},
	{netip.MustParsePrefix("::/128"), "no address"},
	{netip.MustParsePrefix("::1/128"), "this machine"},
	{netip.MustParsePrefix("64:ff9b::/96"), "translation to IPv4"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "translation to IPv4"},
	{netip.MustParsePrefix("100::/64"), "discarded"},
	{netip.MustParsePrefix("2001::/23"), "protocol assignments"}, // Teredo among them
	{netip.MustParsePrefix("2001:db8::/32"), "documentation"},
	{netip.MustParsePrefix("2002::/16"), "6to4"},
	{netip.MustParsePrefix("3fff::/20"), "documentation"},
	{netip.MustParsePrefix("fc00::/7"), "private network"},
	{netip.MustParsePrefix("fe80::/10"), "link-local"},
	{netip.MustParsePrefix("fec0::/10"), "site-local"},
	{netip.MustParsePrefix("ff00::/8"), "multicast"},
}

// global is all of IPv6 that is handed out; the rest is reserved, whatever the table above leaves out.
var global = netip.MustParsePrefix("2000::/3")

// openPorts are where the web is served. Others would make us a scanner and a sender of mail (SMTP takes an HTTP request for commands).
var openPorts = []uint16{80, 443, 8080, 8443}

// Permitted decides whether a connection may be made to an address that came from outside: public unicast on a port of the web, or what
// the operator allowed by network, on any port. It is asked at the moment of connecting, about the address that is connected to, never
// about a name: a name answers differently the next time it is asked. The reason of a refusal names a class and no address.
func Permitted(ap netip.AddrPort, allow []netip.Prefix) (ok bool, why string) {
	if !ap.IsValid() || ap.Port() == 0 {
		return false, "no address"
	}
	if ap.Addr().Zone() != "" {
		return false, "link-local"
	}
	a := ap.Addr().Unmap()
	if Allowed(a, allow) {
		return true, "allowed by the operator"
	}
	for _, s := range specials {
		if s.network.Contains(a) {
			return false, s.why
		}
	}
	if a.Is6() && !global.Contains(a) {
		return false, "reserved"
	}
	if !slices.Contains(openPorts, ap.Port()) {
		return false, "port is not of the web"
	}
	return true, "public"
}

// Allowed reports whether the operator named a network that holds the address.
func Allowed(a netip.Addr, allow []netip.Prefix) bool {
	a = a.Unmap()
	return slices.ContainsFunc(allow, func(p netip.Prefix) bool { return p.Contains(a) })
}
