package main

import (
	"bytes"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"
)

type target struct {
	addr, host, path string
	tls              bool
	plain            []byte // the request, without its last CRLF
	raw              string
}

type options struct {
	targets   []*target
	inm       bool
	keepAlive bool
	timeout   time.Duration
	insecure  bool
	digest    bool
}

func parse(s, enc string, headers list, keep bool) (*target, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, err
	}
	t := &target{host: u.Host, path: u.RequestURI(), tls: u.Scheme == "https", raw: s}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q: http or https", s)
	}
	port := u.Port()
	if port == "" {
		port = map[bool]string{false: "80", true: "443"}[t.tls]
	}
	ip := net.ParseIP(u.Hostname())
	if u.Hostname() == "localhost" {
		ip = net.IPv4(127, 0, 0, 1)
	}
	if ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("%q is not on loopback: this tool loads this machine only", s)
	}
	t.addr = net.JoinHostPort(ip.String(), port)
	var b bytes.Buffer
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nUser-Agent: pageload\r\nAccept-Encoding: %s\r\n", t.path, enc)
	host := t.host
	for _, h := range headers {
		if k, v, ok := strings.Cut(h, ":"); ok && strings.EqualFold(k, "host") {
			host = strings.TrimSpace(v)
			continue
		}
		fmt.Fprintf(&b, "%s\r\n", h)
	}
	fmt.Fprintf(&b, "Host: %s\r\n", host)
	if !keep {
		b.WriteString("Connection: close\r\n")
	}
	t.plain = b.Bytes()
	return t, nil
}
