package email

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"candor/reach"
)

// A wire is one SMTP conversation. go-smtp's client waits for an answer to each command; this one sends MAIL, RCPT and DATA together where
// the server allows it (RFC 2920), which halves the round trips of a message. bench_test.go measures both.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
	ext  map[string]string // what EHLO offered, keys in upper case
}

func newWire(conn net.Conn) *wire {
	return &wire{conn: conn, in: bufio.NewReaderSize(conn, 4096)}
}

// reply is one answer of the server.
type reply struct {
	code     int
	enhanced string // "5.1.1", empty if there is none
	text     string // the server's words, for Classify only: they are never shown
}

func (r reply) ok() bool { return r.code/100 == 2 }

func (r reply) result() reach.Result {
	outcome, reason := reach.Classify(r.code, r.enhanced, r.text)
	code := r.enhanced
	if code == "" {
		code = strconv.Itoa(r.code)
	}
	return reach.Result{Outcome: outcome, Reason: reason, Code: code, Broken: r.code == 421}
}

var errProtocol = errors.New("the server does not speak SMTP")

// A server is a stranger: an answer has at most 100 lines of at most 4,096 bytes.
func (w *wire) read() (r reply, err error) {
	var text strings.Builder
	for range 100 {
		line, err := w.in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return reply{}, errProtocol
		}
		if err != nil {
			return reply{}, err
		}
		code, rest, more, ok := splitReply(strings.TrimRight(string(line), "\r\n"))
		if !ok || r.code != 0 && code != r.code {
			return reply{}, errProtocol
		}
		r.code = code
		if r.enhanced == "" {
			r.enhanced, rest = cutEnhanced(code, rest)
		}
		if text.Len() > 0 {
			text.WriteByte('\n')
		}
		text.WriteString(rest)
		if !more {
			r.text = text.String()
			return r, nil
		}
	}
	return reply{}, errProtocol
}

func splitReply(line string) (code int, text string, more, ok bool) {
	if len(line) < 3 {
		return 0, "", false, false
	}
	code, err := strconv.Atoi(line[:3])
	if err != nil || code < 200 || code > 599 {
		return 0, "", false, false
	}
	if len(line) == 3 {
		return code, "", false, true
	}
	return code, line[4:], line[3] == '-', line[3] == '-' || line[3] == ' '
}

// cutEnhanced takes an enhanced code (RFC 2034) off the text; it must be of the answer's class.
func cutEnhanced(code int, text string) (enhanced, rest string) {
	first, rest, _ := strings.Cut(text, " ")
	parts := strings.Split(first, ".")
	if len(parts) != 3 || parts[0] != strconv.Itoa(code/100) {
		return "", text
	}
	for _, p := range parts {
		if p == "" || len(p) > 3 || strings.Trim(p, "0123456789") != "" {
			return "", text
		}
	}
	return first, rest
}

// exchange sends commands and reads an answer to each: in one round trip if the server offers pipelining, else one by one up to the first
// refusal. With an error it returns the answers that came before it.
func (w *wire) exchange(commands ...string) ([]reply, error) {
	replies := make([]reply, 0, 4)
	_, pipelining := w.ext["PIPELINING"]
	for i, c := range commands {
		if !pipelining || i == 0 {
			if pipelining {
				c = strings.Join(commands, "")
			}
			if _, err := w.conn.Write([]byte(c)); err != nil {
				return replies, err
			}
		}
		r, err := w.read()
		if err != nil {
			return replies, err
		}
		replies = append(replies, r)
		if !pipelining && r.code >= 400 || r.code == 421 {
			return replies, nil
		}
	}
	return replies, nil
}

// command is one exchange that must succeed.
func (w *wire) command(format string, args ...any) (reply, error) {
	if _, err := fmt.Fprintf(w.conn, format+"\r\n", args...); err != nil {
		return reply{}, err
	}
	return w.read()
}

// hello learns what the server offers. One that knows no EHLO offers nothing.
func (w *wire) hello(name string) error {
	w.ext = map[string]string{}
	r, err := w.command("EHLO %s", name)
	if err != nil {
		return err
	}
	if r.code/100 == 5 {
		if r, err = w.command("HELO %s", name); err != nil {
			return err
		}
		r.text = ""
	}
	if !r.ok() {
		return errProtocol
	}
	for i, line := range strings.Split(r.text, "\n") {
		if i == 0 {
			continue // its name
		}
		key, value, _ := strings.Cut(line, " ")
		w.ext[strings.ToUpper(key)] = strings.ToUpper(value)
	}
	return nil
}
