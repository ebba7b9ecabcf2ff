package app

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// clientAddress puts the address of who really asks into RemoteAddr, so that limits, audit and logs agree. Only the rightmost hop that is
// not one of our own proxies is believed: whatever stands further left, the client wrote (V30).
func clientAddress(trusted []netip.Prefix, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(trusted) > 0 && r.Header.Get("X-Forwarded-For") != "" {
			if client, ok := rightmost(r, trusted); ok {
				r.RemoteAddr = net.JoinHostPort(client.String(), "0")
			}
		}
		next.ServeHTTP(w, r)
	})
}

func rightmost(r *http.Request, trusted []netip.Prefix) (netip.Addr, bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !within(peer.Addr(), trusted) {
		return netip.Addr{}, false
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return netip.Addr{}, false
		}
		if !within(hop, trusted) {
			return hop.Unmap(), true
		}
	}
	return netip.Addr{}, false
}

func within(a netip.Addr, nets []netip.Prefix) bool {
	for _, n := range nets {
		if n.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}
