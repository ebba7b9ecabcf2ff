package reach

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// FuzzBounce: whatever a stranger sends, it is read within bounds, and means the same every time.
func FuzzBounce(f *testing.F) {
	for _, b := range bounces {
		f.Add(readBounce(f, b.name))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m := ReadReturn(raw)
		if len(m.Recipients) > mostReturnedNames || len(m.Text) > mostReturnedText {
			t.Errorf("%d recipients, %d bytes of text", len(m.Recipients), len(m.Text))
		}
		for _, r := range m.Recipients {
			if r.Class == "" || r.Reason == "" || len(r.Address) > 254 || len(r.Status) > 9 {
				t.Errorf("%+v", r)
			}
		}
		if again := ReadReturn(raw); told(again.Recipients) != told(m.Recipients) {
			t.Errorf("%s, then %s", told(m.Recipients), told(again.Recipients))
		}
	})
}

// The worst that a megabyte can hold. A parser that took quadratic time would need minutes.
func TestAMegabyteOfAnythingIsReadInTime(t *testing.T) {
	head := "From: MAILER-DAEMON@x.example\nSubject: failure notice\n"
	for name, raw := range map[string]string{
		"folded lines":        head + "X-A: a\n" + strings.Repeat(" b\n", 350_000),
		"one line":            head + "\n" + strings.Repeat("a", 1<<20),
		"addresses":           head + "\n" + repeated(60_000, "<u%d@example.org>:\n"),
		"addresses in a line": head + "\n" + repeated(60_000, "u%d@example.org 550 "),
		"parts in parts":      head + strings.Repeat("Content-Type: multipart/mixed; boundary=a\n\n--a\n", 20_000),
		"many parts":          head + "Content-Type: multipart/mixed; boundary=a\n\n" + strings.Repeat("--a\n\nuser@example.org: 550 no\n", 30_000),
		"groups":              head + "Content-Type: message/delivery-status\n\n" + repeated(30_000, "Final-Recipient: rfc822; u%d@example.org\n\n"),
		"torn groups":         head + "Content-Type: message/delivery-status\n\n" + repeated(60_000, "X-%d: a\n\n"),
		"codes":               head + "\nu@example.org\n" + strings.Repeat("550 5.0.0 ", 100_000),
		"tags":                head + "Content-Type: text/html\n\n" + strings.Repeat("<a<b", 250_000),
		"encoded words":       head + "Subject: " + strings.Repeat("=?utf-8?Q?=41?= ", 60_000) + "\n\n",
		"returned headers":    head + "\n" + strings.Repeat("--- Original message ---\n", 40_000),
	} {
		began := time.Now()
		ReadReturn([]byte(raw))
		if took := time.Since(began); took > 5*time.Second { // a slow machine under the race detector; alone it is a tenth of a second
			t.Errorf("%s: %v", name, took)
		} else if took > 100*time.Millisecond {
			t.Logf("%s: %v", name, took)
		}
	}
}

func repeated(n int, form string) string {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, form, i)
	}
	return b.String()
}
