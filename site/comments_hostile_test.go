package site

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/mmcdole/gofeed"

	"candor/desk"
	"candor/incident"
	"candor/lang"
	"candor/store"
)

// everyPayload is the whole corpus: what strangers have got through other pages, and its families.
func everyPayload(t testing.TB) []string {
	t.Helper()
	raw, err := os.ReadFile("../markup/testdata/xss_more.txt")
	if err != nil {
		t.Fatal(err)
	}
	undo := strings.NewReplacer("⏎", "\n", "⇥", "\t", "␀", "")
	all := payloads(t)
	for line := range strings.Lines(string(raw)) {
		all = append(all, undo.Replace(strings.TrimRight(line, "\n")))
	}
	if len(all) < 500 {
		t.Fatalf("the corpus has %d payloads; was it cut?", len(all))
	}
	return all
}

// V15, V39: what visitors write in a comment or call themselves is words on the page, on the pages of the conversation and in its feed, even if
// it had got past the form. A page with hundreds of them is one walk over the tree.
func TestV15V39NothingInACommentActs(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	all := everyPayload(t)
	w.seedComments(bad.i.ID, len(all), func(n int) (string, string) {
		text := strings.ToValidUTF8(strings.ReplaceAll(all[n], "\x00", ""), "")
		return text, text
	})
	w.face.refresh(t.Context())
	path := "/en/incidents/" + string(bad.i.Code)
	pages := 0
	for page, at := 1, path+"/comments"; ; at = path + "/comments/" + number(page) {
		got := w.get(at)
		if got.Code == http.StatusNotFound {
			break
		}
		if fault := acts(bytes.NewReader(got.Body.Bytes()), w.face.assets.js); fault != "" {
			t.Errorf("%s: %s", at, fault)
		}
		pages, page = pages+1, page+1
	}
	if want := (len(all)-1)/incident.CommentsOnPage + 1; pages != want {
		t.Errorf("%d pages were looked at, want %d", pages, want)
	}
	// The feed holds the newest only: all of them go through it in turns.
	for from := 0; from < len(all); from += commentsInFeed {
		var some []incident.Comment
		var n newComments
		if err := w.db.Read(t.Context(), func(tx *store.Tx) (err error) {
			some, _, err = tx.Comments.Between(t.Context(), string(bad.i.ID), from+1, from+commentsInFeed)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		here, err := loadWorld(t.Context(), w.db, w.now)
		if err != nil {
			t.Fatal(err)
		}
		n.all, n.on.Path = some, "incidents/"+string(bad.i.Code)
		n.on.Title = lang.Text{lang.English: some[0].Body}
		inspectCommentFeed(t, w.face.commentsFeed(w.face.reader(here, lang.English, w.now, w.now), here, n, path+"/comments.atom"))
	}
}

func inspectCommentFeed(t *testing.T, fd feed) {
	t.Helper()
	body, err := encode(fd.atom())
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("not XML: %v", err)
		}
	}
	parsed, err := gofeed.NewParser().Parse(bytes.NewReader(body))
	if err != nil || len(parsed.Items) != len(fd.entries) {
		t.Fatalf("%v", err)
	}
	for _, item := range parsed.Items {
		if fault := acts(strings.NewReader(item.Content+item.Description), ""); fault != "" {
			t.Errorf("in the feed: %s", fault)
		}
	}
}

func number(n int) string { return lang.For(lang.English).Number(int64(n)) }

// A commenter's own page, the form that came back and the form that points a comment out hold words too.
func TestV15NothingInACommentActsOnTheFormsAroundIt(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	here, err := loadWorld(t.Context(), w.db, w.now)
	if err != nil {
		t.Fatal(err)
	}
	r := w.face.reader(here, lang.German, w.now, w.now)
	var on talk
	w.write(func(ctx context.Context, tx *store.Tx) error {
		s, err := here.loadStory(ctx, tx, bad.i.Code)
		if err != nil {
			return err
		}
		on, err = loadNewestTalk(ctx, tx, desk.OnIncident(s.Incident, here.settings))
		return err
	})
	for _, text := range everyPayload(t) {
		form := *r.commentForm(here, on.on)
		form.Comment, form.Name, form.Mail, form.Any = text, text, text, text
		w.inspect(t, "comment_write.html", w.face.writePage(r, here, on.on, form))
		c := incident.Comment{Code: "abcdefghijkl", Name: text, Body: text, State: incident.CommentUnconfirmed, At: w.now, Number: 1}
		w.inspect(t, "comment_link.html", w.face.commenterPage(r, here, c, on.on, "token"))
		c.State = incident.CommentShown
		flag := w.face.flagPage(r, here, c, on.on)
		flag.Note = text
		w.inspect(t, "comment_flag.html", flag)
	}
}
