package sink

import (
	"crypto/tls"
	"strings"
)

// command runs one command and says whether the connection goes on.
func (x *session) command(line []byte) bool {
	verb, arg, _ := strings.Cut(string(line), " ")
	switch strings.ToUpper(verb) {
	case "EHLO":
		return x.ehlo()
	case "HELO":
		x.reset()
		x.helo = true
		return x.say("250 sink.invalid") == nil
	case "STARTTLS":
		return x.startTLS()
	case "AUTH":
		return x.s.cfg.Auth && x.auth(arg) || !x.s.cfg.Auth && x.bad("502 5.5.1 no")
	case "MAIL":
		return x.mail(arg)
	case "RCPT":
		return x.rcpt(arg)
	case "DATA":
		return x.dataBegins()
	case "RSET":
		x.reset()
		return x.say("250 2.0.0 ok") == nil
	case "NOOP":
		return x.say("250 2.0.0 ok") == nil
	case "VRFY":
		return x.say("252 2.5.2 maybe") == nil
	case "QUIT":
		x.say("221 2.0.0 bye")
		return false
	}
	return x.bad("500 5.5.2 unknown command")
}

func (x *session) ehlo() bool {
	s := x.s
	x.reset()
	x.helo = true
	x.w.WriteString("250-sink.invalid\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n")
	if s.tls != nil {
		if _, on := x.c.(*tls.Conn); !on {
			x.w.WriteString("250-STARTTLS\r\n")
		}
	}
	if s.cfg.Auth {
		x.w.WriteString("250-AUTH PLAIN LOGIN\r\n")
	}
	return x.say("250 SIZE 52428800") == nil
}

func (x *session) startTLS() bool {
	s := x.s
	if s.tls == nil {
		return x.bad("502 5.5.1 no")
	}
	if _, on := x.c.(*tls.Conn); on {
		return x.bad("503 5.5.1 TLS is on")
	}
	x.w.WriteString("220 2.0.0 go ahead\r\n")
	if x.flushNow() != nil || x.r.Buffered() > 0 { // nothing may be pipelined behind STARTTLS
		return false
	}
	t := tls.Server(x.c, s.tls)
	if t.Handshake() != nil {
		return false
	}
	s.tlsConns.Add(1)
	x.c = t
	x.r.Reset(t)
	x.w.Reset(t)
	x.helo = false
	x.reset()
	return true
}

func (x *session) auth(arg string) bool {
	mech, initial, _ := strings.Cut(arg, " ")
	ask := func(p string) bool {
		x.w.WriteString("334 " + p + "\r\n")
		if x.flushNow() != nil {
			return false
		}
		_, err := x.r.ReadSlice('\n')
		return err == nil
	}
	switch strings.ToUpper(mech) {
	case "PLAIN":
		if initial == "" && !ask("") {
			return false
		}
	case "LOGIN":
		if initial == "" && !ask("VXNlcm5hbWU6") || !ask("UGFzc3dvcmQ6") {
			return false
		}
	default:
		return x.say("504 5.5.4 unknown mechanism") == nil
	}
	return x.say("235 2.7.0 ok") == nil
}

func (x *session) mail(arg string) bool {
	s := x.s
	if !x.helo || x.from {
		return x.bad("503 5.5.1 bad sequence")
	}
	if _, ok := address(arg, "FROM:"); !ok {
		return x.bad("501 5.5.4 MAIL FROM:<address>")
	}
	if s.cfg.MaxPerConn > 0 && x.n >= s.cfg.MaxPerConn {
		x.say("421 4.7.0 enough for one connection")
		return false
	}
	x.from = true
	return x.say("250 2.1.0 ok") == nil
}

func (x *session) rcpt(arg string) bool {
	s := x.s
	if !x.from {
		return x.bad("503 5.5.1 MAIL first")
	}
	a, ok := address(arg, "TO:")
	if !ok || a == "" {
		return x.bad("501 5.5.4 RCPT TO:<address>")
	}
	if len(x.rcpts) >= s.cfg.MaxRcpt {
		return x.say("452 4.5.3 too many recipients") == nil
	}
	x.tried = true
	switch s.judge(a) {
	case fail5:
		s.refused5.Add(1)
		return x.say("550 5.1.1 no such user") == nil
	case fail4:
		if s.cfg.Fail4xxAt == "rcpt" {
			s.refused4.Add(1)
			return x.say("451 4.7.1 try again later") == nil
		}
		x.defer4 = true
	case drop:
		x.cut = true
	}
	x.rcpts = append(x.rcpts, a)
	return x.say("250 2.1.5 ok") == nil
}

func (x *session) dataBegins() bool {
	if len(x.rcpts) == 0 && x.tried {
		return x.say("554 5.5.1 no valid recipients") == nil
	}
	if len(x.rcpts) == 0 {
		return x.bad("554 5.5.1 no valid recipients")
	}
	x.w.WriteString("354 go ahead\r\n")
	if x.flushNow() != nil {
		return false
	}
	return x.data()
}

// address reads "FROM:<a@b> SIZE=1" given "FROM:".
func address(arg, prefix string) (string, bool) {
	if len(arg) < len(prefix) || !strings.EqualFold(arg[:len(prefix)], prefix) {
		return "", false
	}
	arg = strings.TrimLeft(arg[len(prefix):], " ")
	if !strings.HasPrefix(arg, "<") {
		return "", false
	}
	i := strings.IndexByte(arg, '>')
	if i < 0 {
		return "", false
	}
	return arg[1:i], true
}
