package app

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestV30OnlyTheRightmostUntrustedHopIsBelieved(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct {
		name, peer string
		forwarded  []string
		trusted    []netip.Prefix
		want       string
	}{
		{"nobody is trusted by default", "203.0.113.9:1234", []string{"1.2.3.4"}, nil, "203.0.113.9:1234"},
		{"a stranger's header is his own", "203.0.113.9:1234", []string{"1.2.3.4"}, proxies, "203.0.113.9:1234"},
		{"our proxy says who asked", "10.0.0.1:1234", []string{"198.51.100.7"}, proxies, "198.51.100.7:0"},
		{"what the client wrote in front is not believed", "10.0.0.1:1234", []string{"1.2.3.4, 198.51.100.7"}, proxies, "198.51.100.7:0"},
		{"two of our proxies", "10.0.0.1:1234", []string{"1.2.3.4, 198.51.100.7, 10.0.0.2"}, proxies, "198.51.100.7:0"},
		{"two headers are one list", "10.0.0.1:1234", []string{"1.2.3.4", "198.51.100.7"}, proxies, "198.51.100.7:0"},
		{"nonsense leaves the peer", "10.0.0.1:1234", []string{"127.0.0.1.evil, ' OR 1=1"}, proxies, "10.0.0.1:1234"},
		{"only our own hops leave the peer", "10.0.0.1:1234", []string{"10.0.0.2, 10.0.0.3"}, proxies, "10.0.0.1:1234"},
		{"the version 6 client", "[fd00::1]:1234", []string{"2001:db8::5"}, proxies, "[2001:db8::5]:0"},
		{"a mapped address is the address", "10.0.0.1:1234", []string{"::ffff:198.51.100.7"}, proxies, "198.51.100.7:0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got string
			h := clientAddress(c.trusted, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr }))
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = c.peer
			for _, f := range c.forwarded {
				r.Header.Add("X-Forwarded-For", f)
			}
			h.ServeHTTP(httptest.NewRecorder(), r)
			if got != c.want {
				t.Errorf("client %s, want %s", got, c.want)
			}
		})
	}
}
