package site

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/staff"
	"candor/store"
)

// asDana acts in her name.
func (w *town) asDana() context.Context {
	return staff.As(context.WithoutCancel(w.t.Context()), staff.Actor{Person: w.dana})
}

// commentsOf are all there are, oldest first.
func (w *town) commentsOf(state incident.CommentState) (all []incident.Comment) {
	w.t.Helper()
	err := w.db.Read(w.t.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.Comments.Page(w.t.Context(), store.CommentPage{State: state, Limit: 1000})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *town) comment(path, name, mail, text string) int {
	w.t.Helper()
	got := w.post(path, url.Values{"name": {name}, "mail": {mail}, "comment": {text}})
	return got.Code
}

// seedComments writes comments as if they had come and been shown.
func (w *town) seedComments(i id.Incident, n int, body func(int) (name, text string)) {
	w.t.Helper()
	for from := 0; from < n; from += 500 {
		w.write(func(ctx context.Context, tx *store.Tx) error {
			for k := from; k < min(n, from+500); k++ {
				name, text := body(k)
				err := tx.Comments.Add(ctx, incident.Comment{
					ID: id.New[id.Comment](w.now), Code: id.NewCode(), Thread: incident.Thread{Topic: incident.OnIncident, Object: string(i)}, Number: k + 1,
					Name: name, Language: lang.English, Body: text, State: incident.CommentShown, At: w.now.Add(time.Duration(k) * time.Second), ShownAt: w.now,
				}, "")
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func TestACommentIsHeldReadAnsweredHiddenAndLeavesItsMark(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	path := "/en/incidents/" + string(bad.i.Code)
	w.get(path)
	if got := w.comment(path+"/comments", "Lin <b>", "", "Why did the spare not take over? See https://shop.example"); got != http.StatusSeeOther {
		t.Fatalf("status %d", got)
	}
	if w.comment(path+"/comments", "Lin <b>", "", "Why did the spare not take over? See https://shop.example"); len(w.commentsOf(incident.CommentHeld)) != 1 {
		t.Error("the same form sent twice is two comments")
	}
	if strings.Contains(w.get(path).Body.String(), "spare") {
		t.Error("a comment shows before anybody read it")
	}
	held := w.commentsOf(incident.CommentHeld)
	if err := w.face.desk.ShowComment(w.asDana(), held[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.face.desk.AnswerComment(w.asDana(), held[0].ID, "It used the **same** table. My mistake.", lang.English); err != nil {
		t.Fatal(err)
	}
	w.face.refresh(w.t.Context())
	for _, where := range []string{path, path + "/comments"} {
		body := w.get(where).Body.String()
		for _, want := range []string{
			"Lin &lt;b&gt;", "Why did the spare", `rel="ugc nofollow noopener"`, "<strong>same</strong>", "Dana Whitfield", path + "/comments#" + string(held[0].Code), `id="` + string(held[0].Code) + `"`,
		} {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %q", where, want)
			}
		}
	}
	feed := w.get(path + "/comments.atom").Body.String()
	if !strings.Contains(feed, "spare") || !strings.Contains(feed, "Dana Whitfield") {
		t.Errorf("the feed: %s", feed)
	}
	if err := w.face.desk.HideComment(w.asDana(), held[0].ID, incident.HidePersonal); err != nil {
		t.Fatal(err)
	}
	w.face.refresh(w.t.Context())
	body := w.get("/de" + strings.TrimPrefix(path, "/en")).Body.String()
	if strings.Contains(body, "spare") || !strings.Contains(body, "Ein Kommentar wurde ausgeblendet: er enthielt personenbezogene Daten. Entschieden von Dana Whitfield") {
		t.Errorf("the mark is missing: %s", part(body, "comments"))
	}
	if got := w.commentsOf(incident.CommentHidden)[0]; got.Body != "" || got.Name != "" || got.ErasedAt.IsZero() {
		t.Errorf("words stay behind the mark: %+v", got)
	}
}

// part is a section of a page.
func part(body, id string) string {
	at := strings.Index(body, `id="`+id+`"`)
	if at < 0 {
		return "no part " + id
	}
	rest := body[at:]
	if end := strings.Index(rest, "</section>"); end > 0 {
		return rest[:end]
	}
	return rest
}

// B8, B13: whoever leaves an address is asked by mail, nothing shows before they answer with a button, and they can take it back.
func TestB8AnAddressIsAskedFirstAndItsOwnerDecides(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	path := "/es/incidents/" + string(bad.i.Code)
	w.customer("known", nil, "known@customer.example")
	for n, mail := range []string{"known@customer.example", "stranger@elsewhere.example"} {
		got := w.post(path+"/comments", url.Values{"name": {"Ana"}, "mail": {mail}, "comment": {fmt.Sprintf("¿Cuándo vuelve? %d", n)}})
		if got.Code != http.StatusSeeOther || got.Header().Get("Location") != path+"/comments/asked" {
			t.Errorf("%s: %d to %s", mail, got.Code, got.Header().Get("Location"))
		}
	}
	waiting := w.commentsOf(incident.CommentUnconfirmed)
	if len(waiting) != 2 || waiting[0].Announcement == "" {
		t.Fatalf("%+v", waiting)
	}
	var secret []byte
	w.write(func(ctx context.Context, tx *store.Tx) (err error) {
		secret, err = tx.Instance.Secret(ctx, store.LinkSecret)
		return err
	})
	token := audience.Sign(secret, audience.ToComment, waiting[0].Code)
	page := w.get("/es/comment/" + token)
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "¿Cuándo vuelve? 0") || len(w.commentsOf(incident.CommentShown)) != 0 {
		t.Fatalf("the link's page: %d", page.Code)
	}
	missingWords(t, "the link's page", page.Body.String())
	for range 2 {
		if got := w.post("/es/comment", url.Values{"token": {token}}); got.Header().Get("Location") != path+"/comments/shown" {
			t.Fatalf("%d to %s: %s", got.Code, got.Header().Get("Location"), got.Body)
		}
	}
	w.face.refresh(w.t.Context())
	if body := w.get(path).Body.String(); !strings.Contains(body, "¿Cuándo vuelve? 0") || strings.Contains(body, "customer.example") {
		t.Error("the comment is not there, or its author's address is")
	}
	if got := w.post("/es/comment/withdraw", url.Values{"token": {token}}); got.Code != http.StatusSeeOther {
		t.Fatalf("withdraw: %d", got.Code)
	}
	w.face.refresh(w.t.Context())
	if body := w.get(path).Body.String(); strings.Contains(body, "¿Cuándo vuelve? 0") || !strings.Contains(body, "Su autor retiró este comentario") {
		t.Error("what was taken back leaves no mark, or its words")
	}
	if got := w.get("/es/comment/" + token[:len(token)-1] + "x"); got.Code != http.StatusNotFound {
		t.Errorf("another's token: %d", got.Code)
	}
}

func TestARefusedCommentComesBackAsItWasTyped(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	path := "/de/incidents/" + string(bad.i.Code) + "/comments"
	got := w.post(path, url.Values{"name": {""}, "mail": {"not an address"}, "comment": {"http://a.example http://b.example http://c.example http://d.example"}})
	body := got.Body.String()
	if got.Code != http.StatusUnprocessableEntity {
		t.Errorf("status %d", got.Code)
	}
	for _, want := range []string{"http://d.example</textarea>", `value="not an address"`, "Höchstens 3 Links", `id="who-error"`, `id="mail-error"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the form lacks %q", want)
		}
	}
	missingWords(t, "the refused form", body)
	for n := range 8 {
		got = w.post(path, url.Values{"name": {"Anna"}, "comment": {fmt.Sprintf("Noch etwas %d", n)}})
	}
	if body := got.Body.String(); got.Code != http.StatusTooManyRequests || !strings.Contains(body, "Noch etwas 7</textarea>") {
		t.Errorf("the ninth: %d", got.Code)
	}
	if n := len(w.commentsOf(incident.CommentHeld)); n != 6 {
		t.Errorf("%d comments wait", n)
	}
}

// A comment makes its own page again and no other, and nothing reads the world again for it.
func TestACommentMakesOnlyItsOwnPagesAgain(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	w.seedComments(bad.i.ID, 60, func(n int) (string, string) { return "Reader", fmt.Sprintf("Comment %d", n) })
	w.face.refresh(w.t.Context())
	path := "/en/incidents/" + string(bad.i.Code)
	paths := []string{"/en/", path, path + "/comments", path + "/comments/2", path + "/comments/3", path + "/comments.atom"}
	for _, p := range paths {
		if got := w.get(p); got.Code != http.StatusOK {
			t.Fatalf("%s: %d", p, got.Code)
		}
	}
	if got := w.get(path + "/comments/4").Code; got != http.StatusNotFound {
		t.Errorf("a page that is not there: %d", got)
	}
	world := w.face.world.Load()
	first := w.commentAt(bad.i.ID, 30)
	if err := w.face.desk.HideComment(w.asDana(), first.ID, incident.HideAbuse); err != nil {
		t.Fatal(err)
	}
	w.face.refresh(w.t.Context())
	want := map[string]bool{path: true, path + "/comments/2": true, path + "/comments.atom": true}
	for _, p := range paths {
		if _, since := w.face.shelf.find(p, w.now); since.IsZero() == want[p] {
			t.Errorf("%s outdated: %v, want %v", p, !since.IsZero(), want[p])
		}
	}
	for _, p := range paths {
		w.get(p)
	}
	if w.face.world.Load() != world {
		t.Error("the world was read again for a comment")
	}
	for _, p := range paths {
		if _, since := w.face.shelf.find(p, w.now); !since.IsZero() {
			t.Errorf("%s stays outdated", p)
		}
	}
	if body := w.get(path + "/comments/2").Body.String(); strings.Contains(body, "Comment 29<") || !strings.Contains(body, "abuse or a threat") {
		t.Error("the page still says what was hidden")
	}
}

func (w *town) commentAt(i id.Incident, number int) incident.Comment {
	w.t.Helper()
	var all []incident.Comment
	if err := w.db.Read(w.t.Context(), func(tx *store.Tx) (err error) {
		all, _, err = tx.Comments.Between(w.t.Context(), string(i), number, number)
		return err
	}); err != nil || len(all) != 1 {
		w.t.Fatal(err, len(all))
	}
	return all[0]
}

func TestAConversationClosesAMonthAfterTheEndAndStaysReadable(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	w.seedComments(bad.i.ID, 1, func(int) (string, string) { return "Reader", "Still slow here" })
	w.write(func(ctx context.Context, tx *store.Tx) error {
		i, err := tx.Incidents.ByID(ctx, bad.i.ID)
		if err != nil {
			return err
		}
		i.Status, i.ResolvedAt = incident.Resolved, w.now.AddDate(0, 0, -31)
		if err := tx.Incidents.Save(ctx, i); err != nil {
			return err
		}
		return tx.Changes.Add(ctx, "incident:"+string(i.ID), w.now)
	})
	w.face.refresh(w.t.Context())
	path := "/en/incidents/" + string(bad.i.Code)
	body := w.get(path).Body.String()
	if !strings.Contains(body, "Still slow here") || !strings.Contains(body, "This conversation closed on") || strings.Contains(body, "<textarea") {
		t.Errorf("a closed conversation: %s", part(body, "comments"))
	}
	if got := w.comment(path+"/comments", "Late", "", "Too late"); got != http.StatusGone {
		t.Errorf("a late comment: %d", got)
	}
	if got := w.get(path + "/comments/write").Code; got != http.StatusGone {
		t.Errorf("the form: %d", got)
	}
}

func TestAReaderPointsACommentOutOnceAndOneOfUsDecides(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	w.seedComments(bad.i.ID, 1, func(int) (string, string) { return "Reader", "You are all thieves" })
	c := w.commentAt(bad.i.ID, 1)
	at := "/id/comments/" + string(c.Code) + "/flag"
	missingWords(t, "the form", w.get(at).Body.String())
	if got := w.post(at, url.Values{"note": {"rude"}}); got.Code != http.StatusUnprocessableEntity || !strings.Contains(got.Body.String(), `value="rude"`) {
		t.Errorf("without a reason: %d", got.Code)
	}
	for range 3 {
		if got := w.post(at, url.Values{"reason": {"abuse"}, "note": {"rude"}}); got.Code != http.StatusSeeOther {
			t.Fatalf("status %d", got.Code)
		}
	}
	if c = w.commentAt(bad.i.ID, 1); c.Flags != 1 || c.State != incident.CommentShown {
		t.Errorf("%d flags, %s", c.Flags, c.State)
	}
	if err := w.face.desk.KeepComment(w.asDana(), c.ID); err != nil {
		t.Fatal(err)
	}
	if c = w.commentAt(bad.i.ID, 1); c.Flags != 0 || c.State != incident.CommentShown {
		t.Errorf("kept: %d flags, %s", c.Flags, c.State)
	}
}

func TestCommentsInEveryLanguage(t *testing.T) {
	t.Parallel()
	w := newTown(t).settle()
	bad := w.badDay()
	w.seedComments(bad.i.ID, 30, func(n int) (string, string) { return "Reader", fmt.Sprintf("Comment %d", n) })
	for n, reason := range incident.HideReasons {
		if err := w.face.desk.HideComment(w.asDana(), w.commentAt(bad.i.ID, 21+n).ID, reason); err != nil {
			t.Fatal(err)
		}
	}
	w.face.refresh(w.t.Context())
	for _, tag := range lang.All() {
		at := "/" + string(tag) + "/incidents/" + string(bad.i.Code)
		paths := []string{at, at + "/comments", at + "/comments/2", at + "/comments/write", at + "/comments.atom"}
		for name := range commentNotices {
			paths = append(paths, at+"/comments/"+name)
		}
		for _, path := range paths {
			got := w.get(path)
			if got.Code != http.StatusOK {
				t.Errorf("%s: %d", path, got.Code)
			}
			missingWords(t, path, got.Body.String())
		}
	}
}
