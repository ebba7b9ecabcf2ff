package letter

import (
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"candor/lang"
	"candor/staff"
)

// V15: whatever an answer, a title or a name holds, the letter about it is words; and the letter that asks whether somebody wrote a comment holds
// nothing that a stranger typed (B3).
func TestV15NothingInALetterAboutACommentActs(t *testing.T) {
	t.Parallel()
	d := Desk{Company: "Harbour", Base: "https://status.example", Language: lang.Spanish, Fallback: lang.English, Zone: time.UTC}
	looked := 0
	for _, file := range []string{"xss.txt", "xss_more.txt"} {
		raw, err := os.ReadFile("../markup/testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(raw)) {
			text := strings.NewReplacer("⏎", "\n", "⇥", "\t", "␀", "").Replace(strings.TrimSpace(line))
			title := lang.Text{lang.English: text}
			for _, l := range []Letter{
				d.Answered(CommentAnswer{Title: title, WrittenAt: time.Unix(0, 0), Body: text, Author: staff.Person{Name: text, Title: title}, Path: "/incidents/abc/comments#x"}),
				d.Comment(title, "/es/comment/token"),
			} {
				if fault := actsInMail(t, l.HTML); fault != "" {
					t.Errorf("%q: %s", text, fault)
				}
			}
			looked++
		}
	}
	if looked < 500 {
		t.Errorf("only %d payloads were tried", looked)
	}
	for _, bad := range []string{"<script>x</script>", "<p onclick=x>x</p>", `<a href="javascript:x">x</a>`, "<svg></svg>", `<img src="data:x">`} {
		if actsInMail(t, bad) == "" {
			t.Errorf("%q passes for harmless", bad)
		}
	}
}

func actsInMail(t *testing.T, body string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "svg", "math", "iframe", "object", "embed", "base", "form", "img", "video", "audio", "template":
			return "<" + n.Data + ">"
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(value, "javascript:") || strings.HasPrefix(value, "data:") || strings.HasPrefix(value, "vbscript:") {
				return a.Key + "=" + a.Val
			}
		}
	}
	return ""
}
