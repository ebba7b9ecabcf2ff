package email

import (
	"bytes"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/google/go-cmp/cmp"

	"candor/reach"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Golden letters: what leaves the house, to the byte. Read them as a recipient would.
func TestLettersLookLikeThis(t *testing.T) {
	t.Parallel()
	personal := bulkMessage()
	personal.Class, personal.UnsubscribeURL, personal.ListID, personal.Subject = reach.ClassPersonal, "", "", "Bitte bestätigen: Nachrichten über Störungen"
	personal.Language, personal.HTML = "de", ""
	personal.Text = "Guten Tag,\n\nbitte bestätigen Sie Ihre Adresse: https://status.example/c/" + strings.Repeat("k7Q2m", 16) + "\n"
	chinese := bulkMessage()
	chinese.From.Name, chinese.Subject, chinese.Language = "林黛娜", "[重大故障] 網站、郵件與 DNS 全部中斷。下次更新:15:21(美東時間)", "zh-Hant"
	chinese.Text, chinese.HTML = "下次更新不晚於 15:21\n\n我們已找到原因,正在修復。\n", "<p>下次更新不晚於 15:21</p>\n<p>我們已找到原因,正在修復。</p>\n"
	calendar := bulkMessage()
	calendar.Attachments = []reach.Attachment{{Name: "maintenance.ics", Type: "text/calendar; charset=utf-8; method=PUBLISH", Content: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")}}
	for name, m := range map[string]reach.Message{"bulk": bulkMessage(), "personal": personal, "chinese": chinese, "calendar": calendar} {
		t.Run(name, func(t *testing.T) {
			got := composed(t, &Channel{}, m)
			got = regexp.MustCompile(`\b[0-9a-f]{60}\b`).ReplaceAll(got, []byte("RANDOM-BOUNDARY")) // only letters with attachments have them
			file := filepath.Join("testdata", name+".eml")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEveryAttemptIsTheSameLetter(t *testing.T) {
	t.Parallel()
	first, second := bulkMessage(), bulkMessage()
	second.Attempt = 2
	if diff := cmp.Diff(string(composed(t, &Channel{}, first)), string(composed(t, &Channel{}, second))); diff != "" {
		t.Error(diff)
	}
}

// The headers that the large providers and RFC 2369, 2919, 3834 and 8058 ask of a sender, by class.
func TestHeadersSayWhatALetterIs(t *testing.T) {
	t.Parallel()
	personal := bulkMessage()
	personal.Class = reach.ClassPersonal
	bulk := read(t, composed(t, &Channel{}, bulkMessage())).Header
	for name, want := range map[string]string{
		"From": `"Dana Whitfield, Harbour" <status@status.example>`, "To": "<dana@example.com>", "Reply-To": "<dana.whitfield@status.example>",
		"Message-Id": "<01jd6zk3v8q0n4w2y7t5m9rbxc@status.example>", "Date": "Mon, 10 Sep 2012 15:06:00 -0400",
		"List-Unsubscribe": "<https://status.example/p/k7Q2m/stop>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "List-Id": "<updates.status.example>",
		"Auto-Submitted": "auto-generated", "Precedence": "bulk", "X-Auto-Response-Suppress": "All", "Feedback-Id": "ann1:update:candor:status", "Content-Language": "en",
		"User-Agent": "", "X-Mailer": "",
	} {
		if got := strings.Join(bulk[name], "|"); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	plain := bulkMessage()
	plain.UnsubscribeURL = "http://localhost:8080/p/k7Q2m/stop"
	if header := read(t, composed(t, &Channel{}, plain)).Header; header.Get("List-Unsubscribe") == "" || header.Get("List-Unsubscribe-Post") != "" {
		t.Error("one click is promised without https")
	}
	header := read(t, composed(t, &Channel{}, personal)).Header
	for _, name := range []string{"List-Unsubscribe", "List-Unsubscribe-Post", "Precedence"} {
		if header.Get(name) != "" {
			t.Errorf("a personal letter has %s", name)
		}
	}
	if header.Get("Auto-Submitted") != "auto-generated" {
		t.Error("a personal letter does not say that a machine sent it")
	}
}

func TestTextAndPictureOfALetterAreWhatWasWritten(t *testing.T) {
	t.Parallel()
	m := bulkMessage()
	m.Text = "one\n.\n..two = three " + strings.Repeat("long", 300) + "\nÄnde \ttrailing \t\n"
	m.HTML = "<p>灣</p>\n" + strings.Repeat("字", 800) + "\n.\n"
	parts := parts(t, composed(t, &Channel{}, m))
	want := []string{crlf(m.Text), crlf(m.HTML)}
	if diff := cmp.Diff(want, parts); diff != "" {
		t.Error(diff)
	}
}

// An independent reader of signatures accepts both, and notices when anything that matters is touched.
func TestBothSignaturesHoldUntilSomebodyTouchesTheLetter(t *testing.T) {
	t.Parallel()
	records := map[string]string{}
	var keys []DKIM
	for _, kind := range []string{"rsa", "ed25519"} {
		key, record := testKey(t, kind)
		keys = append(keys, DKIM{Domain: "status.example", Selector: kind, KeyPEM: key})
		records[kind+"._domainkey.status.example"] = record
	}
	channel, err := New(Config{Host: "127.0.0.1", DKIM: keys})
	if err != nil {
		t.Fatal(err)
	}
	letter := composed(t, channel, bulkMessage())
	if n := valid(t, letter, records); n != 2 {
		t.Fatalf("%d valid signatures, want 2", n)
	}
	for _, header := range []string{"list-unsubscribe", "list-unsubscribe-post", "from:from"} {
		if !strings.Contains(strings.ToLower(unfold(letter)), header) {
			t.Errorf("%s is not among the signed headers", header)
		}
	}
	for name, touched := range map[string][]byte{
		"the body":              bytes.Replace(letter, []byte("found the cause"), []byte("lost the cause "), 1),
		"the subject":           bytes.Replace(letter, []byte("Major outage"), []byte("Minor outage"), 1),
		"the unsubscribe link":  bytes.Replace(letter, []byte("k7Q2m/stop>"), []byte("evil0/stop>"), 1),
		"a second From":         append([]byte("From: <evil@example.org>\r\n"), letter...),
		"one-click taken away":  bytes.Replace(letter, []byte("List-Unsubscribe-Post: "), []byte("X-Unsubscribe-Post: "), 1),
		"the language and type": bytes.Replace(letter, []byte("Content-Language: en"), []byte("Content-Language: de"), 1),
	} {
		if bytes.Equal(touched, letter) {
			t.Fatalf("%s: nothing was touched", name)
		}
		if n := valid(t, touched, records); n != 0 {
			t.Errorf("%s: %d signatures still hold", name, n)
		}
	}
	personal := bulkMessage()
	personal.Class = reach.ClassPersonal
	if n := valid(t, composed(t, channel, personal), records); n != 2 {
		t.Errorf("a personal letter has %d valid signatures, want 2", n)
	}
}

func valid(t *testing.T, letter []byte, records map[string]string) (n int) {
	t.Helper()
	verified, err := dkim.VerifyWithOptions(bytes.NewReader(letter), &dkim.VerifyOptions{
		LookupTXT: func(name string) ([]string, error) { return []string{records[name]}, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range verified {
		if v.Err == nil {
			n++
		}
	}
	return n
}

// composed is the letter as the receiver stores it: dot-stuffing undone, final dot gone.
func composed(t testing.TB, channel *Channel, m reach.Message) []byte {
	t.Helper()
	l, err := channel.compose(m)
	if err != nil {
		t.Fatal(err)
	}
	content, ok := bytes.CutSuffix(l.data, []byte("\r\n.\r\n"))
	if !ok {
		t.Fatalf("the letter has no end: %q", l.data)
	}
	content = append(content, "\r\n"...)
	if content[0] == '.' {
		content = content[1:]
	}
	return bytes.ReplaceAll(content, []byte("\r\n."), []byte("\r\n"))
}

func read(t testing.TB, letter []byte) *mail.Message {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(letter))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// parts are the decoded leaves of the letter.
func parts(t testing.TB, letter []byte) (leaves []string) {
	t.Helper()
	m := read(t, letter)
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	reader := multipart.NewReader(m.Body, params["boundary"])
	for {
		part, err := reader.NextPart() // decodes quoted-printable
		if err == io.EOF {
			return leaves
		}
		if err != nil {
			t.Fatal(err)
		}
		var body io.Reader = part
		if part.Header.Get("Content-Transfer-Encoding") == "base64" {
			body = base64Reader(part)
		}
		content, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, string(content))
	}
}

func unfold(letter []byte) string {
	return strings.NewReplacer("\r\n ", "", "\r\n\t", "", " ", "").Replace(string(letter))
}

// A person answers a person: the letter stands in their thread, and no machine takes it for one of its own (RFC 3834).
func TestAnAnswerStandsInTheThreadItAnswers(t *testing.T) {
	t.Parallel()
	m := bulkMessage()
	m.Class, m.UnsubscribeURL, m.ListID, m.Thread = reach.ClassPersonal, "", "", []string{"dlv_1@status.example", "re1@home.example"}
	got, err := mail.ReadMessage(bytes.NewReader(composed(t, &Channel{}, m)))
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]string{
		"In-Reply-To": "<re1@home.example>", "References": "<dlv_1@status.example> <re1@home.example>", "Auto-Submitted": "", "X-Auto-Response-Suppress": "All",
	} {
		if got := got.Header.Get(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	for _, evil := range []string{"", "a@b>\r\nBcc: x@y.example", "a b@c", "ä@b.example"} {
		m.Thread = []string{evil}
		if _, err := (&Channel{}).compose(m); err == nil {
			t.Errorf("a thread named %q is composed", evil)
		}
	}
}
