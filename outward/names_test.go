package outward_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// A names is a DNS server of our own. Names of its table are answered in turn, with a TTL of 0; every other name is inside, as the resolver of
// a system would have it that takes 0x7f.1 for an address.
type names struct {
	mu      sync.Mutex
	asked   map[string]int
	answers map[string][]string // an address, or "=name" for a CNAME
	conn    net.PacketConn
}

func startNames(t *testing.T, answers map[string][]string) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &names{asked: map[string]int{}, answers: answers, conn: conn}
	t.Cleanup(func() { conn.Close() })
	go n.serve()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func (n *names) serve() {
	buffer := make([]byte, 1500)
	for {
		size, from, err := n.conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		var query dnsmessage.Message
		if query.Unpack(buffer[:size]) != nil || len(query.Questions) != 1 {
			continue
		}
		answer, err := n.answer(query)
		if err == nil {
			_, _ = n.conn.WriteTo(answer, from)
		}
	}
}

func (n *names) answer(query dnsmessage.Message) ([]byte, error) {
	q := query.Questions[0]
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: query.ID, Response: true, RecursionAvailable: true, RecursionDesired: true, Authoritative: true},
		Questions: query.Questions,
	}
	name := strings.TrimSuffix(q.Name.String(), ".")
	owner := q.Name
	for range 4 {
		to := n.next(name, q.Type)
		target, alias := strings.CutPrefix(to, "=")
		if !alias {
			if addr, err := netip.ParseAddr(to); err == nil && addr.Is4() == (q.Type == dnsmessage.TypeA) {
				m.Answers = append(m.Answers, record(owner, addr))
			}
			return m.Pack()
		}
		cname := dnsmessage.MustNewName(target + ".")
		m.Answers = append(m.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: owner, Class: dnsmessage.ClassINET, Type: dnsmessage.TypeCNAME}, Body: &dnsmessage.CNAMEResource{CNAME: cname},
		})
		name, owner = target, cname
	}
	return m.Pack()
}

func record(owner dnsmessage.Name, addr netip.Addr) dnsmessage.Resource {
	h := dnsmessage.ResourceHeader{Name: owner, Class: dnsmessage.ClassINET, Type: dnsmessage.TypeA}
	if addr.Is4() {
		return dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: addr.As4()}}
	}
	h.Type = dnsmessage.TypeAAAA
	return dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}}
}

// next is the answer whose turn it is; the last one stays.
func (n *names) next(name string, kind dnsmessage.Type) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	all, ok := n.answers[name]
	if !ok {
		all = []string{"127.0.0.1"}
	}
	if kind != dnsmessage.TypeA {
		return all[min(n.asked[name], len(all)-1)]
	}
	turn := n.asked[name]
	n.asked[name]++
	return all[min(turn, len(all)-1)]
}

// An inside is what must never be reached: it answers everything, and counts who connected.
type inside struct {
	*httptest.Server
	connections atomic.Int64
}

func startInside(t *testing.T, where string) *inside {
	t.Helper()
	listener, err := net.Listen("tcp", where)
	if err != nil {
		t.Skipf("cannot listen on %s here: %v", where, err)
	}
	in := &inside{}
	in.Server = &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "the secrets of the house")
	})}}
	in.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			in.connections.Add(1)
		}
	}
	in.Start()
	t.Cleanup(in.Close)
	return in
}

func (in *inside) port() string {
	return in.Listener.Addr().(*net.TCPAddr).AddrPort().String()[strings.LastIndex(in.Listener.Addr().String(), ":")+1:]
}

// hosts are ways to name what is inside: this machine, private networks, a cloud's metadata.
var hosts = []string{
	// This machine and the metadata, as they are and as old resolvers read them.
	"127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "127.255.255.254", "0.0.0.0", "0", "0.0.0.1", "2130706433", "0x7f000001", "0x7f.0x0.0x0.0x1",
	"0x7f.1", "017700000001", "0177.0.0.1", "0177.0.0.01", "127.000.000.001", "127.0.0.1.", "00000177.1", "0x7F.0.0.1",
	"169.254.169.254", "2852039166", "0xa9fea9fe", "0xA9.0xFE.0xA9.0xFE", "0251.0376.0251.0376", "025177524776", "169.254.43518", "169.16689662",
	"169.254.169.254.", "0xa9.254.169.254", "169.254.0xa9fe", "192.0.0.192", "100.100.100.200", "168.63.129.16.internal",
	// The same, inside IPv6 addresses.
	"[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000::0001]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]",
	"[::ffff:0:127.0.0.1]", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[::a9fe:a9fe]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]",
	"[64:ff9b::169.254.169.254]", "[64:ff9b:1::a9fe:a9fe]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::]", "[2002:a9fe:a9fe::1]",
	"[2002:c0a8:101::]", "[2001:0:a9fe:a9fe::1]", "[2001::5601:5601]", "[fe80::1]", "[fe80::1%25lo]", "[fe80::a9fe:a9fe%25eth0]", "[fd00:ec2::254]",
	"[fc00::1]", "[fdff::1]", "[fec0::1]", "[ff02::1]", "[ff05::2]", "[100::1]", "[2001:db8::1]", "[2001:10::1]", "[2001:20::1]", "[3fff::1]", "[5f00::1]",
	// Networks that are not public.
	"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255", "100.64.0.1", "100.127.255.255", "192.0.2.1",
	"198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7", "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
	"0xc0a80001", "3232235521", "167772161", "012.0.0.1", "10.1", "192.168.1",
	// Names, and what resolvers make of digits that are not ASCII.
	"localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "a.localhost", "metadata", "metadata.google.internal", "metadata.google.internal.",
	"instance-data.ec2.internal", "169.254.169.254.nip.example", "127.0.0.1.nip.example", "inside.example", "cname.example", "chain.example",
	"kubernetes.default.svc.cluster.local", "host.docker.internal", "gateway.docker.internal", "db", "printer.local",
	"①②⑦.⓪.⓪.①", "１２７.０.０.１", "１６９.２５４.１６９.２５４", "127。0。0。1", "127．0．0．1", "١٢٧.٠.٠.١", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "0x7f。1",
}

// shapes are whole URLs in which parsers disagree about where the host stands; %s is a host inside, %d its port.
var shapes = []string{
	"https://%[1]s:%[2]s/", "http://%[1]s:%[2]s/",
	"https://public.example@%[1]s:%[2]s/", "https://public.example:443@%[1]s:%[2]s/", "https://a:b@%[1]s:%[2]s/", "https://public.example%%40%[1]s:%[2]s/",
	"https://%[1]s:%[2]s#@public.example/", "https://%[1]s:%[2]s/#@public.example/", "https://public.example#@%[1]s:%[2]s/", "https://x#@%[1]s:%[2]s/",
	"https://%[1]s:%[2]s?@public.example/", "https://public.example\\@%[1]s:%[2]s/", "https://%[1]s:%[2]s\\@public.example/", "https://public.example:@%[1]s:%[2]s/",
	"https:\\\\%[1]s:%[2]s/", "https:/%[1]s:%[2]s/", "https:%[1]s:%[2]s/", "//%[1]s:%[2]s/", "https:///%[1]s:%[2]s/", "https://[%[1]s]:%[2]s/", "https://[::%[1]s]:%[2]s/",
	"https:// %[1]s:%[2]s/", "https://%[1]s :%[2]s/", "https://\t%[1]s:%[2]s/", "https://%[1]s:%[2]s%%00.public.example/", "https://%[1]s%%2e:%[2]s/",
	"https://public.example\r\nHost: %[1]s:%[2]s\r\n/", "gopher://%[1]s:%[2]s/_x", "file:///etc/passwd?%[1]s:%[2]s", "ftp://%[1]s:%[2]s/", "dict://%[1]s:%[2]s/", "ldap://%[1]s:%[2]s/",
	"jar:https://%[1]s:%[2]s!/", "HTTPS://%[1]s:%[2]s/", "https://%[1]s:%[2]s.public.example/", "https://%[1]s:0%[2]s/", "https://%[1]s:+%[2]s/", "https://%[1]s:%[2]s:443/",
}

func corpus(port string) (all []string) {
	for _, h := range hosts {
		all = append(all, "https://"+h+":"+port+"/", "http://"+h+":"+port+"/latest/meta-data/")
	}
	for _, s := range shapes {
		for _, h := range []string{"127.0.0.1", "inside.example"} {
			all = append(all, fmt.Sprintf(s, h, port))
		}
	}
	return all
}
