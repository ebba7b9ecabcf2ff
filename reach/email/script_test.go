package email

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"candor/reach"
)

// A script is a mail server that does what it is told: answers by the verb of a command, "." being the end of a message. An answer is
// sent as it stands with CRLF added; "CUT" closes the connection, "MUTE" never answers, "RESET" closes it with a reset.
// Several answers for one verb are given in turn, the last one stays.
type script struct {
	banner     string
	hello      string // lines of EHLO behind the name
	answers    map[string][]string
	startTLS   *tls.Config
	breakTLS   bool
	implicit   bool
	cutInData  bool // after the first line of the content
	listener   net.Listener
	mu         sync.Mutex
	heard      []string // commands, and "DATA:" + content of taken messages
	asked      map[string]int
	openConns  sync.WaitGroup
	connsSoFar int
}

func (s *script) start(t *testing.T) *script {
	t.Helper()
	var err error
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	s.asked = map[string]int{}
	stop := make(chan struct{})
	s.openConns.Go(func() {
		for {
			conn, err := s.listener.Accept()
			if err != nil {
				return
			}
			s.openConns.Go(func() {
				defer conn.Close()
				defer context.AfterFunc(t.Context(), func() { conn.Close() })()
				s.serve(conn, stop)
			})
		}
	})
	t.Cleanup(func() {
		close(stop)
		s.listener.Close()
		s.openConns.Wait()
	})
	return s
}

func (s *script) channel(t *testing.T, change ...func(*Config)) *Channel {
	t.Helper()
	c := Config{Host: "127.0.0.1", Port: s.listener.Addr().(*net.TCPAddr).Port, TLS: TLSNone, From: reach.Mailbox{Address: "status@status.example"}, Timeout: 10 * time.Second}
	for _, f := range change {
		f(&c)
	}
	channel, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return channel
}

// next is the answer to a verb, or what a well-behaved server says.
func (s *script) next(verb string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if list := s.answers[verb]; len(list) > 0 {
		n := s.asked[verb]
		s.asked[verb]++
		return list[min(n, len(list)-1)]
	}
	switch verb {
	case "DATA":
		return "354 go ahead"
	case "STARTTLS":
		return "220 go ahead"
	case "AUTH":
		return "235 2.7.0 welcome"
	case ".":
		return "250 2.0.0 Ok: queued as 4XZ1k3"
	}
	return "250 2.0.0 ok"
}

func (s *script) note(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = append(s.heard, line)
}

// commands are what was heard, without greetings.
func (s *script) commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for _, line := range s.heard {
		if verb, _, _ := strings.Cut(line, " "); verb != "EHLO" && verb != "QUIT" {
			all = append(all, line)
		}
	}
	return all
}

func (s *script) serve(conn net.Conn, stop chan struct{}) {
	s.mu.Lock()
	s.connsSoFar++
	s.mu.Unlock()
	if s.implicit {
		conn = tls.Server(conn, s.startTLS)
	}
	in := bufio.NewReader(conn)
	// say reports whether the conversation goes on.
	say := func(answer string) bool {
		switch answer {
		case "CUT":
			return false
		case "RESET":
			conn.(*net.TCPConn).SetLinger(0)
			return false
		case "MUTE":
			select {
			case <-stop:
			case <-time.After(time.Minute):
			}
			return false
		}
		_, err := conn.Write([]byte(answer + "\r\n"))
		return err == nil && !strings.HasPrefix(answer, "421")
	}
	banner := s.banner
	if banner == "" {
		banner = "220 relay.example ESMTP"
	}
	if !say(banner) {
		return
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		s.note(line)
		verb, _, _ := strings.Cut(line, " ")
		answer := s.next(verb)
		if verb == "EHLO" && strings.HasPrefix(answer, "250") {
			answer = strings.TrimSuffix("250-relay.example\r\n"+s.hello, "\r\n") + "\r\n250 HELP"
		}
		if !say(answer) {
			return
		}
		switch {
		case verb == "QUIT":
			return
		case verb == "STARTTLS" && strings.HasPrefix(answer, "220"):
			if s.breakTLS {
				conn.Write([]byte("this is not TLS\r\n"))
				return
			}
			conn = tls.Server(conn, s.startTLS)
			in.Reset(conn)
		case verb == "DATA" && strings.HasPrefix(answer, "354"):
			if !s.data(in) || !say(s.next(".")) {
				return
			}
		}
	}
}

// data reads a message as RFC 5321 says and undoes the dot-stuffing.
func (s *script) data(in *bufio.Reader) bool {
	var content strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || s.cutInData {
			return false
		}
		if line == ".\r\n" {
			s.note("DATA:" + content.String())
			return true
		}
		content.WriteString(strings.TrimPrefix(line, "."))
	}
}

// testCertificate is for 127.0.0.1 and vouched for by the pool.
func testCertificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "relay.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}
