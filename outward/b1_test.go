package outward_test

import (
	"bufio"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"candor/outward"
	"candor/reach"
)

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
