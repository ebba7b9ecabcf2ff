package email

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/reach"
)

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

func token(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[r.IntN(len(letters))]
	}
	return string(b)
}

var slots = []string{"slotmanage000-your-own-token-here0", "slotunsub0000-your-own-token-here0"}

// prose is a text of many lines in one of several scripts, with slots at any place in it.
func prose(r *rand.Rand) string {
	words := [][]string{
		{"We", "have", "found", "the", "cause.", "=", ".", "..", "\n", "\n.\n", "\t", " ", "router", "https://status.example/en/manage/"},
		{"Störung", "für", "Überblick", "behoben,", "\n", "größer", "wir", "melden", "uns."},
		{"我們已找到原因", "正在修復。", "下次更新", "\n", "DNS", "中斷", " "},
		{"<p>", "</p>\n", `<a href="https://status.example/`, `">`, "</a>", "字", "é", strings.Repeat("x", 90)},
	}[r.IntN(4)]
	var b strings.Builder
	for range 20 + r.IntN(200) {
		b.WriteString(words[r.IntN(len(words))])
		if r.IntN(3) > 0 {
			b.WriteByte(' ')
		}
		if r.IntN(20) == 0 {
			b.WriteString("/" + slots[r.IntN(2)] + ".?&\""[:r.IntN(4)])
		}
	}
	return b.String()
}

// recipient makes one of the letters that share the form.
func recipient(r *rand.Rand, shared reach.Message) reach.Message {
	m := shared
	m.Own = []string{token(r, 34), token(r, 34)}
	m.To = strings.Trim(token(r, 1+r.IntN(60)), "-") + fmt.Sprintf("x@mail%d.%sexample", r.IntN(1000), strings.Repeat("long.", r.IntN(20)))
	m.MessageID = token(r, 1+r.IntN(80)) + "@status.example"
	m.UnsubscribeURL = "https://status.example/" + strings.Repeat("u", r.IntN(60)) + "/" + m.Own[1]
	m.Date = time.Unix(1347297900+r.Int64N(1e9), 0).In(time.FixedZone("", 3600*(r.IntN(24)-12)))
	m.ReturnPath = ReturnPath(m.Delivery, []byte("secret"), "bounce.status.example")
	return m
}

// What is filled in is what would have been composed, to the byte, whatever the text, the script and the tokens are.
func TestALetterFromAStencilIsTheLetterThatComposingGives(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2012, 910))
	for range 100 {
		shared := bulkMessage()
		shared.Form = &reach.Form{Text: prose(r), HTML: prose(r), Slots: slots}
		shared.Subject = []string{"Websites are down", "Störung behoben", "網站中斷", strings.Repeat("long words ", 20)}[r.IntN(4)]
		shared.From.Name = []string{"Harbour", "Hafen Görlitz", "港", `"Quoted", Inc.`}[r.IntN(4)]
		shared.Text, shared.HTML = "", ""
		channel := &Channel{}
		var memory []byte
		for n := range 5 {
			m := recipient(r, shared)
			got, err := channel.write(m, memory[:0])
			if err != nil {
				t.Fatal(err)
			}
			if made := channel.stencils.of(m.Form); made.stencil == nil || !made.fits(m) {
				t.Fatalf("letter %d of %q has no stencil", n, m.Form.Text)
			}
			want, err := channel.compose(m)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want.data), string(got.data)); diff != "" {
				t.Fatal(diff)
			}
			if got.size != want.size || got.to != want.to || got.from != want.from || got.utf8 != want.utf8 {
				t.Fatalf("the envelope is %v, want %v", got, want)
			}
			memory = got.data
		}
	}
}

// Who has no tokens, an address in another script or an attachment gets a letter all the same.
func TestWhatNoStencilFitsIsComposed(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	shared := bulkMessage()
	shared.Form = &reach.Form{Text: "Stop: " + slots[1] + "\n", HTML: "<p>" + slots[0] + "</p>", Slots: slots}
	channel := &Channel{}
	if _, err := channel.write(recipient(r, shared), nil); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(m *reach.Message){
		"short tokens":    func(m *reach.Message) { m.Own = []string{"", ""} },
		"hostile tokens":  func(m *reach.Message) { m.Own[0] = ".\r\n" + m.Own[0][3:] },
		"another script":  func(m *reach.Message) { m.To = "диана@пример.испытание" },
		"another subject": func(m *reach.Message) { m.Subject = "Über uns" },
		"another author":  func(m *reach.Message) { m.From.Name = "Ann" },
		"a first try":     func(m *reach.Message) { m.UnsubscribeURL = "http://localhost/" + m.Own[1] },
		"a file": func(m *reach.Message) {
			m.Attachments = []reach.Attachment{{Name: "a.ics", Type: "text/calendar", Content: []byte("x")}}
		},
		"personal": func(m *reach.Message) { m.Class = reach.ClassPersonal },
	} {
		m := recipient(r, shared)
		change(&m)
		got, err := channel.write(m, nil)
		if err != nil {
			t.Fatal(name, err)
		}
		want, _ := channel.compose(m)
		if len(m.Attachments) == 0 && !bytes.Equal(got.data, want.data) {
			t.Errorf("%s: %s", name, cmp.Diff(string(want.data), string(got.data)))
		}
	}
	m := recipient(r, shared)
	m.UnsubscribeURL = "https://status.example/x\r\nBcc:y"
	if _, err := channel.write(m, nil); err == nil {
		t.Error("a stencil lets a header in that composing refuses")
	}
}

func TestASignedLetterFromAStencilIsTheSameUnderItsSignature(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	key, _ := testKey(t, "ed25519")
	channel, err := New(Config{Host: "127.0.0.1", DKIM: []DKIM{{Domain: "status.example", Selector: "c", KeyPEM: key}}})
	if err != nil {
		t.Fatal(err)
	}
	shared := bulkMessage()
	shared.Form = &reach.Form{Text: "One\n.\nStop: " + slots[1] + "\n", HTML: "<p>" + slots[0] + "</p>\n.", Slots: slots}
	var memory []byte
	for range 3 {
		m := recipient(r, shared)
		got, err := channel.write(m, memory[:0])
		if err != nil {
			t.Fatal(err)
		}
		want, err := (&Channel{}).compose(m)
		if err != nil {
			t.Fatal(err)
		}
		i := bytes.Index(got.data, []byte("\r\nAuto-Submitted:"))
		if !bytes.HasPrefix(got.data, []byte("DKIM-Signature:")) || i < 0 || !bytes.Equal(got.data[i+2:], want.data) {
			t.Errorf("got\n%s\nwant\n%s", got.data, want.data)
		}
		memory = got.data
	}
}

func BenchmarkStencil(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	shared := bulkMessage()
	shared.Form = &reach.Form{Text: shared.Text + slots[0], HTML: benchHTML + slots[0] + " " + slots[1], Slots: slots}
	m, channel := recipient(r, shared), &Channel{}
	b.ReportAllocs()
	var memory []byte
	for b.Loop() {
		l, err := channel.write(m, memory[:0])
		if err != nil {
			b.Fatal(err)
		}
		memory = l.data
	}
}
