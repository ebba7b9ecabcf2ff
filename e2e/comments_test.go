package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// commented is a conversation: a comment that one of us let stand and answered, and one whose author is asked by mail.
func (p *program) commented(t *testing.T, code string) {
	t.Helper()
	for _, in := range []url.Values{
		{"name": {"Lin"}, "comment": {"Our shop was closed all afternoon. Why did the spare not take over?"}},
		{"name": {"Ana"}, "comment": {"And the phones?"}, "mail": {"ana@shop.example"}},
	} {
		answer, err := http.PostForm(p.Site+"/en/incidents/"+code+"/comments", in)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK { // the page behind the redirect
			t.Fatalf("a comment is answered %d", answer.StatusCode)
		}
	}
	x := p.held(t)
	p.api(t, "POST", "/api/v1/comments/"+x+"/show", nil, nil)
	p.api(t, "POST", "/api/v1/comments/"+x+"/answer", map[string]any{"text": "It used the **same** routing tables. That was our mistake."}, nil)
}

func (p *program) held(t *testing.T) string {
	t.Helper()
	var list struct{ Comments []struct{ ID string } }
	p.api(t, "GET", "/api/v1/comments", nil, &list)
	if len(list.Comments) == 0 {
		t.Fatal("no comment waits")
	}
	return list.Comments[0].ID
}

// A commenter on a phone, in German with an address and in Chinese without one and without a script, from the page to the answer.
func TestACommenterOnAPhone(t *testing.T) {
	browser(t)
	p, stop, err := start("demo", "--scenario", "none")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	t.Cleanup(func() { p.confess(t) })
	code := p.play(t, "godaddy-2012", 60)
	b := newTab(t)
	b.size(360)

	b.visit(p.Site + "/de/incidents/" + code)
	b.says("Ihr Kommentar", "Kritik bleibt stehen.")
	b.fill("comment", "Unser Laden steht seit Mittag still. **Wann** geht es wieder?")
	b.fill("who", "Anna")
	b.fill("mail", "anna@laden.example")
	b.follow("Kommentar senden")
	b.says("Sehen Sie in Ihre Mail")
	p.written(t, "/de/comment/")
	link := p.mailed[len(p.mailed)-1]
	b.visit(link)
	b.says("Haben Sie das geschrieben?", "Unser Laden steht seit Mittag still.")
	if _, token, _ := strings.Cut(link, "/comment/"); strings.Contains(b.address(), token) {
		t.Error("the secret stays in the address")
	}
	b.readableByAll(t, "a commenter's link")
	b.size(360)
	b.follow("Ja, das habe ich geschrieben")
	b.says("Ihr Kommentar steht auf der Seite")

	b.withoutScript()
	b.visit(p.Site + "/zh-Hant/incidents/" + code)
	b.fill("comment", "我們的網路商店停了一整個下午。")
	b.fill("who", "林怡君")
	b.follow("送出留言")
	b.says("我們收到您的留言了")
	x := p.held(t)
	p.api(t, "POST", "/api/v1/comments/"+x+"/show", nil, nil)
	p.api(t, "POST", "/api/v1/comments/"+x+"/answer", map[string]any{"text": "備援用的是同一組路由表，這是我們設計上的錯。", "language": "zh-Hant"}, nil)
	for deadline := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		b.visit(p.Site + "/zh-Hant/incidents/" + code + "/comments")
		if strings.Contains(b.text(), "備援用的是") || time.Now().After(deadline) {
			break
		}
	}
	b.says("Unser Laden steht seit Mittag still.", "林怡君", "備援用的是同一組路由表")
	for name, at := range map[string]string{"comments": "/zh-Hant/incidents/" + code + "/comments", "comment-write": "/de/incidents/" + code + "/comments/write"} {
		b.visit(p.Site + at)
		b.takeShots(name, 360, 1280)
	}
}
