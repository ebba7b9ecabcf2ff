package email

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"candor/reach"
	"candor/tools/sink"
)

func base64Reader(r io.Reader) io.Reader { return base64.NewDecoder(base64.StdEncoding, r) }

// What strangers and careless templates put where a line must not end.
var endings = []string{"\r\n", "\n", "\r", "\x00", "\v\r\n", "\r\n\r\n", "\r\n.\r\n", "\n.\n", "\r\n.\n", "\n.\r\n"}

func TestB7NoHeaderTakesALineEndOrANul(t *testing.T) {
	t.Parallel()
	fields := map[string]func(*reach.Message, string){
		"subject":         func(m *reach.Message, s string) { m.Subject = s },
		"from name":       func(m *reach.Message, s string) { m.From.Name = s },
		"from address":    func(m *reach.Message, s string) { m.From.Address = s },
		"to":              func(m *reach.Message, s string) { m.To = s },
		"reply-to":        func(m *reach.Message, s string) { m.ReplyTo = s },
		"message id":      func(m *reach.Message, s string) { m.MessageID = s },
		"list id":         func(m *reach.Message, s string) { m.ListID = s },
		"feedback id":     func(m *reach.Message, s string) { m.FeedbackID = s },
		"unsubscribe":     func(m *reach.Message, s string) { m.UnsubscribeURL = "https://status.example/" + s },
		"return path":     func(m *reach.Message, s string) { m.ReturnPath = s },
		"attachment name": func(m *reach.Message, s string) { m.Attachments = []reach.Attachment{{Name: s, Type: "text/calendar"}} },
		"attachment type": func(m *reach.Message, s string) { m.Attachments = []reach.Attachment{{Name: "a.ics", Type: s}} },
	}
	for field, set := range fields {
		for _, end := range endings {
			m := bulkMessage()
			set(&m, "a@b.example"+end+"Bcc: victim@example.org")
			if _, err := (&Channel{}).compose(m); err == nil {
				t.Errorf("%s takes %q", field, end)
			}
		}
	}
}

// The same against a server that counts: one letter in, one message and one recipient out, whatever the body holds.
func TestB7ABodyCannotEndItsLetterAndStartAnother(t *testing.T) {
	t.Parallel()
	kept := t.TempDir()
	server, port := startSink(t, sink.Config{DupKey: "rcpt", Keep: 100, KeepDir: kept})
	channel, err := New(Config{Host: "127.0.0.1", Port: port, TLS: TLSNone})
	if err != nil {
		t.Fatal(err)
	}
	const second = "MAIL FROM:<evil@example.org>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\nSubject: gotcha\r\n\r\n"
	sent := 0
	for _, end := range endings {
		m := bulkMessage()
		m.Text = "before" + end + second + end + "after"
		m.HTML = strings.Repeat("林", 40) + "before" + end + second + end + "after" // base64
		if end == endings[0] {
			m.Text = "." + m.Text
		}
		if r := send(t, channel, m)[0]; r.Outcome != reach.Taken {
			t.Errorf("%q: %+v", end, r)
		}
		sent++
	}
	report := server.Report()
	if report.Messages != int64(sent) || report.Recipients != int64(sent) || report.UniqueRcpt != 1 || report.BareLF+report.LongLines+report.ProtoErrors != 0 {
		t.Errorf("sent %d letters to one address, the server saw %+v", sent, report)
	}
	files, err := filepath.Glob(filepath.Join(kept, "*.eml"))
	if err != nil || len(files) != sent {
		t.Fatalf("%d letters kept, %v", len(files), err)
	}
	clean := countHeaders(t, composed(t, channel, bulkMessage()))
	for _, file := range files {
		letter, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if n := countHeaders(t, letter); n != clean {
			t.Errorf("%s has %d headers, want %d", file, n, clean)
		}
	}
}

func TestB7OnlyWholeLinesPassTheLastGate(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"":                                "",
		"a\r\n":                           "a\r\n",
		"a":                               "a\r\n",
		".\r\n":                           "..\r\n",
		".":                               "..\r\n",
		"a\r\n.\r\nb\r\n":                 "a\r\n..\r\nb\r\n",
		"a\r\n..\r\n":                     "a\r\n...\r\n",
		strings.Repeat("x", 998) + "\r\n": strings.Repeat("x", 998) + "\r\n",
	} {
		if got, err := stuff([]byte(content)); err != nil || string(got) != want+".\r\n" {
			t.Errorf("%.20q became %.40q, %v", content, got, err)
		}
	}
	for _, content := range []string{"a\nb\r\n", "a\rb\r\n", "a\r\n.\n", "a\r", "\n", "\r\r\n", "a\x00\r\n", "a\n.\r\n", strings.Repeat("x", 999) + "\r\n", strings.Repeat("x", 999)} {
		if got, err := stuff([]byte(content)); err == nil {
			t.Errorf("%.20q passed as %.40q", content, got)
		}
	}
}

func TestB7WhatCannotBeBuiltIsPoisonAndADeadAddressIsPermanent(t *testing.T) {
	t.Parallel()
	server := (&script{hello: pipelining}).start(t)
	channel := server.channel(t)
	poison, dead := bulkMessage(), bulkMessage()
	poison.Subject = "a\r\nBcc: victim@example.org"
	dead.To = "dana@example.com>\r\nRCPT TO:<victim@example.org"
	empty := bulkMessage()
	empty.Text, empty.HTML = "", ""
	results := send(t, channel, poison, dead, empty, bulkMessage())
	for i, want := range []reach.Outcome{reach.Poison, reach.Permanent, reach.Poison, reach.Taken} {
		if results[i].Outcome != want || results[i].Broken {
			t.Errorf("message %d: %+v, want %s", i+1, results[i], want)
		}
	}
	for _, line := range server.commands() {
		if strings.Contains(line, "victim") {
			t.Errorf("the server heard %q", line)
		}
	}
}

// Whatever is composed from hostile words is one letter: the same headers as a friendly one, and words that come out as they went in.
func FuzzMessage(f *testing.F) {
	for _, end := range endings {
		f.Add("subject"+end+"Bcc: x", "name"+end, "text"+end+"more", "<p>html</p>"+end)
	}
	f.Add(strings.Repeat("a", 2000), "\u202e", strings.Repeat("x", 5000), strings.Repeat("字", 3000))
	f.Add("=?utf-8?q?a?=", `"quoted" \ <x@y>`, "=0D=0A.=0D=0A", "--candor-\r\n")
	var headers int
	f.Fuzz(func(t *testing.T, subject, name, text, html string) {
		if headers == 0 {
			headers = countHeaders(t, composed(t, &Channel{}, bulkMessage()))
		}
		m := bulkMessage()
		m.Subject, m.From.Name, m.Text, m.HTML = subject, name, text, html
		if m.Text == "" || m.HTML == "" {
			m.Text, m.HTML = m.Text+".", m.HTML+"."
		}
		l, err := (&Channel{}).compose(m)
		if err != nil {
			if errors.Is(err, errRecipient) {
				t.Errorf("a good recipient was blamed: %v", err)
			}
			return
		}
		if n := bytes.Count(l.data, []byte("\r\n.\r\n")); n != 1 || !bytes.HasSuffix(l.data, []byte("\r\n.\r\n")) {
			t.Errorf("%d ends in %q", n, l.data)
		}
		letter := composed(t, &Channel{}, m)
		if !isASCII(string(letter)) {
			t.Errorf("the letter is not safe on a path of 7 bits: %q", letter)
		}
		if n := countHeaders(t, letter); n != headers {
			t.Errorf("%d headers, want %d:\n%s", n, headers, letter)
		}
		got := parts(t, letter)
		want := []string{crlf(strings.ToValidUTF8(m.Text, "\uFFFD")), crlf(strings.ToValidUTF8(m.HTML, "\uFFFD"))}
		if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
			t.Errorf("words changed:\n got %q\nwant %q", got, want)
		}
	})
}

// countHeaders counts header lines that are not folded, down to the empty line.
func countHeaders(t testing.TB, letter []byte) (n int) {
	t.Helper()
	head, _, ok := bytes.Cut(letter, []byte("\r\n\r\n"))
	if !ok {
		t.Fatalf("no end of the headers in %q", letter)
	}
	for line := range bytes.SplitSeq(head, []byte("\r\n")) {
		if len(line) > 0 && line[0] != ' ' && line[0] != '\t' {
			n++
		}
	}
	return n
}
