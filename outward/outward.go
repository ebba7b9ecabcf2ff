// Package outward speaks HTTP to addresses that somebody else chose: a customer's webhook, a browser's push service, a company's room.
//
// Whoever may name an address would otherwise make Candor knock at doors only Candor can reach: the database beside it, the cloud's
// metadata (B1). Every connection is judged at the instant it is made, by the address the system connects to, so that neither a spelling,
// nor a name that answers differently the second time, nor a redirect finds a way around. Answers are read to their first 64 kB and shown
// to nobody.
package outward

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"candor/reach"
)

const (
	mostRead = 64 << 10
	dialTime = 5 * time.Second
)

// Config of a Client.
type Config struct {
	Allow     []netip.Prefix // networks the operator lets us speak to although they are not public, on any port
	Timeout   time.Duration  // of one call, 0: 15 s. Shorter than a lease
	RootCAs   *x509.CertPool // nil: the system's
	Resolver  *net.Resolver  // nil: the system's
	Failpoint reach.Failpoint
}

// Client makes guarded calls. Safe for use by many goroutines.
type Client struct {
	config        Config
	secure, plain *http.Client
}

// New makes a client.
func New(c Config) *Client {
	if c.Timeout == 0 {
		c.Timeout = 15 * time.Second
	}
	everywhere := func(ap netip.AddrPort) (bool, string) { return reach.Permitted(ap, c.Allow) }
	// What is not encrypted could be read and answered by anybody on the way, except inside a network the operator vouches for.
	within := func(ap netip.AddrPort) (bool, string) { return reach.Allowed(ap.Addr(), c.Allow), "not encrypted" }
	return &Client{config: c, secure: c.client(everywhere), plain: c.client(within)}
}

// A Refusal is an address that is not spoken to. Why names a class, never the address.
type Refusal struct{ Why string }

func (r *Refusal) Error() string { return "the address is not permitted: " + r.Why }

func (c Config) client(permitted func(netip.AddrPort) (bool, string)) *http.Client {
	dialer := &net.Dialer{Timeout: dialTime, Resolver: c.Resolver, Control: func(network, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil || !strings.HasPrefix(network, "tcp") {
			return &Refusal{"no address"}
		}
		if ok, why := permitted(ap); !ok {
			return &Refusal{why}
		}
		return nil
	}}
	transport := &http.Transport{
		Proxy:       nil, // a proxy would connect for us, unguarded
		DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: dialTime, ResponseHeaderTimeout: c.Timeout, MaxResponseHeaderBytes: 16 << 10,
		MaxIdleConns: 64, MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second, MaxConnsPerHost: 32,
		ForceAttemptHTTP2: true, DisableCompression: true,
	}
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// An Answer is what a receiver said, or why there is none.
type Answer struct {
	Status     int
	RetryAfter time.Duration
	Body       []byte // its first 64 kB, for reading a provider's code out of; nobody is shown it
	Failed     string // in the words of package reach, without the address; empty when there is a status
}

// Result is what became of the call. An answer is judged by its status (reach.Answered), which a channel may know better.
func (a Answer) Result() reach.Result {
	switch a.Failed {
	case "":
		return reach.Answered(a.Status, a.RetryAfter)
	case reach.ReasonBadAddress:
		return reach.Result{Outcome: reach.Permanent, Reason: a.Failed}
	}
	return reach.Result{Outcome: reach.Temporary, Reason: a.Failed}
}

// Post sends body and waits for the answer's status, at most for the client's time.
func (c *Client) Post(ctx context.Context, where string, header http.Header, body []byte) Answer {
	return c.Call(ctx, http.MethodPost, where, header, body)
}

// Call is Post with another method. It is never repeated by itself: some gateways send a text message upon a GET.
func (c *Client) Call(ctx context.Context, method, where string, header http.Header, body []byte) Answer {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// From here on the receiver may have it. When the rest has left is told too late: the receiver may have hung up by then.
		WroteHeaders: func() { sent.Store(true) },
		WroteRequest: func(i httptrace.WroteRequestInfo) {
			if i.Err == nil {
				c.config.Failpoint.Hit(reach.AfterDot)
			}
		},
	})
	// A reader net/http does not know keeps it from sending a GET again on a new connection.
	request, err := http.NewRequestWithContext(ctx, method, where, struct{ io.Reader }{bytes.NewReader(body)})
	if err != nil || request.URL.Host == "" || request.URL.User != nil {
		return Answer{Failed: reach.ReasonBadAddress}
	}
	request.ContentLength = int64(len(body))
	for name, values := range header {
		request.Header[name] = values
	}
	request.Header.Set("User-Agent", "Candor/1")
	client := c.secure
	if request.URL.Scheme != "https" {
		client = c.plain
	}
	response, err := client.Do(request)
	if err != nil {
		return Answer{Failed: why(err, sent.Load())}
	}
	defer response.Body.Close()
	a := Answer{Status: response.StatusCode, RetryAfter: patience(response.Header.Get("Retry-After"), time.Now())}
	a.Body, _ = io.ReadAll(io.LimitReader(response.Body, mostRead)) // the status has settled it, however the rest ends
	c.config.Failpoint.Hit(reach.After250)
	return a
}

// Close ends idle connections.
func (c *Client) Close() {
	c.secure.CloseIdleConnections()
	c.plain.CloseIdleConnections()
}

// why puts a failure into the ledger's words.
func why(err error, sent bool) string {
	var refusal *Refusal
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var otherHost x509.HostnameError
	var invalid x509.CertificateInvalidError
	var unverified *tls.CertificateVerificationError
	var op *net.OpError
	switch {
	case errors.As(err, &refusal):
		return reach.ReasonNotPublic
	case errors.As(err, &dns):
		return reach.ReasonNoHost
	case errors.As(err, &unknown), errors.As(err, &otherHost), errors.As(err, &invalid), errors.As(err, &unverified):
		return reach.ReasonUnsafe
	case errors.Is(err, context.DeadlineExceeded) && sent:
		return reach.ReasonTooLate
	case sent:
		return reach.ReasonCutAfterDot
	case errors.As(err, &op) && op.Op == "dial", errors.Is(err, context.DeadlineExceeded):
		return reach.ReasonUnreachable
	}
	return reach.ReasonCutBefore
}

// patience reads Retry-After: seconds or a date (RFC 9110 §10.2.3).
func patience(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if seconds, err := strconv.ParseInt(header, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(reach.MostPatience/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(at.Sub(now), 0), reach.MostPatience)
	}
	return 0
}
