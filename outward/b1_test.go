package outward_test

import (
	"bufio"
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"candor/outward"
	"candor/reach"
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

// B1: whatever is typed, nothing inside sees a connection: not by the check of the text, and not by the dialer alone either, should a text
// ever get past the check.
func TestB1NothingThatIsTypedReachesTheInside(t *testing.T) {
	in := startInside(t, "127.0.0.1:0")
	in6 := startInside(t, "[::1]:"+in.port())
	client := outward.New(outward.Config{Timeout: 2 * time.Second, Resolver: startNames(t, map[string][]string{
		"cname.example": {"=inside.example"}, "chain.example": {"=cname.example"}, "public.example": {"127.0.0.1"},
	})})
	cases := corpus(in.port())
	if len(cases) < 120 {
		t.Fatalf("%d cases are too few", len(cases))
	}
	dialled := 0
	for _, c := range cases {
		if address, refused := reach.ParseHook(c); refused == nil {
			if u, err := url.Parse(string(address)); err != nil || net.ParseIP(u.Hostname()) != nil {
				t.Errorf("%q is taken for %q", c, address)
			}
		}
		answer := client.Post(t.Context(), c, nil, []byte("{}"))
		if answer.Status != 0 || answer.Failed == "" {
			t.Errorf("%q was answered %d", c, answer.Status)
		}
		if answer.Failed == reach.ReasonNotPublic {
			dialled++
		}
	}
	if n := in.connections.Load() + in6.connections.Load(); n != 0 {
		t.Errorf("the inside saw %d connections", n)
	}
	if dialled < 100 {
		t.Errorf("the dialer refused %d addresses only: the rest never tested it", dialled)
	}
	t.Logf("%d URLs, %d of them refused by the dialer", len(cases), dialled)
}

// The same corpus against a client without a guard does reach the inside, so the test above can fail.
func TestB1TheCorpusFindsAnUnguardedClient(t *testing.T) {
	in := startInside(t, "127.0.0.1:0")
	open := outward.New(outward.Config{
		Timeout: 2 * time.Second, Allow: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")},
		Resolver: startNames(t, map[string][]string{}),
	})
	for _, c := range []string{"127.0.0.1", "127.1", "0x7f.1", "localhost", "inside.example", "[::ffff:127.0.0.1]"} {
		open.Post(t.Context(), "http://"+c+":"+in.port()+"/", nil, nil)
	}
	if n := in.connections.Load(); n == 0 {
		t.Error("nobody was reached: the corpus proves nothing")
	}
}

// B1: a name that is public when it is looked at and inside when it is used. An allowed network stands for the public.
func TestB1ANameThatChangesItsMindReachesNothing(t *testing.T) {
	public, in := startInside(t, "127.0.0.9:0"), (*inside)(nil)
	in = startInside(t, "127.0.0.1:"+public.port())
	client := outward.New(outward.Config{
		Timeout: 2 * time.Second, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.9/32")},
		Resolver: startNames(t, map[string][]string{"rebind.example": {"127.0.0.9", "127.0.0.1"}}),
	})
	for attempt := range 6 {
		a := client.Post(t.Context(), "http://rebind.example:"+public.port()+"/", nil, []byte("{}"))
		client.Close() // no connection is kept: every attempt asks the name again
		if attempt == 0 && a.Status != http.StatusOK {
			t.Fatalf("the first, public answer was not used: %+v", a)
		}
		if attempt > 0 && a.Failed != reach.ReasonNotPublic {
			t.Errorf("attempt %d: %+v", attempt, a)
		}
	}
	if n := in.connections.Load(); n != 0 {
		t.Errorf("the inside saw %d connections", n)
	}
	if n := public.connections.Load(); n != 1 {
		t.Errorf("the public side saw %d connections, want 1", n)
	}
}

// B1: redirects are not followed, wherever they lead.
func TestB1ARedirectLeadsNowhere(t *testing.T) {
	in := startInside(t, "127.0.0.1:0")
	for _, status := range []int{301, 302, 303, 307, 308, 300, 304} {
		public := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", in.URL+"/latest/meta-data/")
			w.Header().Set("Refresh", "0; url="+in.URL)
			w.WriteHeader(status)
		}))
		public.Listener.Close()
		listener, err := net.Listen("tcp", "127.0.0.9:0")
		if err != nil {
			t.Skip(err)
		}
		public.Listener = listener
		public.Start()
		a := outward.New(outward.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.9/32")}}).Post(t.Context(), public.URL, nil, []byte("{}"))
		public.Close()
		if r := a.Result(); r.Outcome != reach.Temporary || r.Reason != reach.ReasonRedirected {
			t.Errorf("%d: %+v", status, r)
		}
	}
	if n := in.connections.Load(); n != 0 {
		t.Errorf("the inside saw %d connections", n)
	}
}

// B1: no proxy of the environment connects for us.
func TestB1NoProxyIsAsked(t *testing.T) {
	in := startInside(t, "127.0.0.1:0")
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"} {
		t.Setenv(name, in.URL)
	}
	a := outward.New(outward.Config{Timeout: time.Second, Resolver: startNames(t, map[string][]string{"public.example": {"127.0.0.9"}})}).
		Post(t.Context(), "https://public.example/", nil, nil)
	if a.Failed != reach.ReasonNotPublic || in.connections.Load() != 0 {
		t.Errorf("%+v, %d connections to the proxy", a, in.connections.Load())
	}
}

func TestAnAllowedNetworkIsReached(t *testing.T) {
	in := startInside(t, "127.0.0.1:0")
	client := outward.New(outward.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	if a := client.Post(t.Context(), in.URL, nil, []byte("{}")); a.Status != 200 || a.Result().Outcome != reach.Taken {
		t.Errorf("%+v", a)
	}
	if in.connections.Load() != 1 {
		t.Error("nobody connected")
	}
}

func TestACertificateThatIsNotTheirsIsNoReceiver(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	server.Config.ErrorLog = nil
	allow := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	if a := outward.New(outward.Config{Allow: allow}).Post(t.Context(), server.URL, nil, nil); a.Failed != reach.ReasonUnsafe {
		t.Errorf("a stranger's certificate: %+v", a)
	}
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	if a := outward.New(outward.Config{Allow: allow, RootCAs: roots}).Post(t.Context(), server.URL, nil, nil); a.Status != 200 {
		t.Errorf("a certificate we trust: %+v", a)
	}
}

func TestAReceiverThatNeverEndsCostsItsTimeAndNoMore(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	silent := make(chan struct{})
	defer close(silent)
	go func() {
		for n := 0; ; n++ {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				request, err := http.ReadRequest(bufio.NewReader(conn))
				if err != nil {
					return
				}
				switch request.URL.Path {
				case "/endless": // a body without an end
					fmt.Fprint(conn, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
					for {
						if _, err := conn.Write(make([]byte, 32<<10)); err != nil {
							return
						}
					}
				case "/headers": // headers without an end
					fmt.Fprint(conn, "HTTP/1.1 200 OK\r\n")
					for {
						if _, err := fmt.Fprintf(conn, "X-%d: %s\r\n", n, strings.Repeat("x", 1000)); err != nil {
							return
						}
					}
				case "/cut":
					return
				case "/garbage":
					fmt.Fprint(conn, "SSH-2.0-OpenSSH_9\r\n\r\n")
				default: // no answer at all
					<-silent
				}
			}()
		}
	}()
	client := outward.New(outward.Config{Timeout: 700 * time.Millisecond, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	for path, want := range map[string]string{
		"/silent": reach.ReasonTooLate, "/headers": reach.ReasonCutAfterDot, "/cut": reach.ReasonCutAfterDot, "/garbage": reach.ReasonCutAfterDot, "/endless": "",
	} {
		began := time.Now()
		a := client.Post(t.Context(), "http://"+listener.Addr().String()+path, nil, []byte("{}"))
		if took := time.Since(began); took > 10*time.Second || a.Failed != want || len(a.Body) > 64<<10 {
			t.Errorf("%s: %q after %v, %d bytes read", path, a.Failed, took, len(a.Body))
		}
	}
}

func TestRetryAfterIsRead(t *testing.T) {
	soon := time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat)
	for header, want := range map[string][2]time.Duration{
		"": {}, "120": {2 * time.Minute, 2 * time.Minute}, "-5": {}, "x": {}, "99999999999999999999": {}, "9999999": {reach.MostPatience, reach.MostPatience},
		soon: {80 * time.Second, 90 * time.Second}, "Wed, 21 Oct 2015 07:28:00 GMT": {},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(http.StatusTooManyRequests)
		}))
		a := outward.New(outward.Config{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}).Post(t.Context(), server.URL, nil, nil)
		server.Close()
		if a.RetryAfter < want[0] || a.RetryAfter > want[1] || a.Result().Reason != reach.ReasonRateLimited {
			t.Errorf("%q: %v, want %v", header, a.RetryAfter, want)
		}
	}
}
