package console

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// commented puts comments below an incident, in the state in which one of us sees them.
func (h *house) commented(t *testing.T, i id.Incident, state incident.CommentState, texts ...string) (all []incident.Comment) {
	t.Helper()
	at := time.Now().UTC().Truncate(time.Microsecond)
	if err := h.db.Write(t.Context(), func(tx *store.Tx) error {
		all = nil
		last, err := tx.Comments.Last(t.Context(), string(i))
		if err != nil {
			return err
		}
		for n, text := range texts {
			c := incident.Comment{
				ID: id.New[id.Comment](at), Code: id.NewCode(), Thread: incident.Thread{Topic: incident.OnIncident, Object: string(i)}, Name: text,
				Language: lang.English, Body: text, State: state, At: at.Add(time.Duration(n) * time.Microsecond),
				Signs: []incident.Sign{{Kind: incident.SignNoMail}, {Kind: incident.SignLinks, Points: 2}},
			}
			if state == incident.CommentShown {
				c.Number, c.ShownAt = last+n+1, at
			}
			if err := tx.Comments.Add(t.Context(), c, ""); err != nil {
				return err
			}
			all = append(all, c)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func (h *house) commentNow(t *testing.T, x id.Comment) (c incident.Comment) {
	t.Helper()
	h.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
		c, err = tx.Comments.ByID(ctx, x)
		return err
	})
	return c
}

func TestCommentsAreDecidedWithOneKeyAnsweredAndCalledBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, _ := h.callCentre(t, 1)
		held := h.commented(t, i.ID, incident.CommentHeld, "Our shop has been down since noon, call me at +1 480 555 0199", "Buy now", "Her number is 555")
		wantSaid(t, v.get("/console"), "Comments that wait for you", "Read 3")
		page := v.get(commentsPath)
		wantSaid(t, page, "To decide 3", "Our shop has been down", "no confirmed address", "several links", "Criticism is no reason")
		if n := strings.Count(page.body, `data-key="1"`); n != 1 {
			t.Errorf("%d comments answer to a key", n)
		}
		decide := func(c incident.Comment, what string) answer {
			return v.post(commentsPath+"/"+string(c.ID)+"/decide", url.Values{"decision": {what}, "which": {"held"}})
		}
		if got := decide(held[0], "criticism"); got.status != http.StatusUnprocessableEntity {
			t.Errorf("a reason that is none: %d", got.status)
		}
		v.must(decide(held[0], "show"))
		v.must(decide(held[1], "spam"))
		v.must(decide(held[2], "personal_data"))
		if got := []int{h.commentNow(t, held[0].ID).Number, h.commentNow(t, held[1].ID).Number, h.commentNow(t, held[2].ID).Number}; got[0] != 1 || got[1] != 0 || got[2] != 2 {
			t.Errorf("places %v: spam that nobody saw has none, what was taken away has one", got)
		}
		if c := h.commentNow(t, held[2].ID); c.Body != "" {
			t.Error("personal data is not erased at once")
		}
		if c := h.commentNow(t, held[1].ID); c.Body == "" {
			t.Error("spam cannot be undone")
		}
		wantSaid(t, v.get(commentsPath+"?which=hidden"), "Show it again", "personal data, decided by", "Somebody whose words were erased")
		if got := decide(held[2], "show"); got.status == http.StatusSeeOther {
			t.Error("what was erased is shown again")
		}

		at := commentsPath + "/" + string(held[0].ID)
		shown := v.get(commentsPath + "?which=shown")
		wantSaid(t, shown, "Answer it")
		if !strings.Contains(shown.body, `value="&#43;14805550199"`) {
			t.Error("the number they wrote down is not offered")
		}
		if got := v.post(at+"/answer", url.Values{"answer": {""}, "language": {"en"}, "which": {"shown"}}); got.status != http.StatusUnprocessableEntity {
			t.Errorf("an empty answer: %d", got.status)
		}
		v.must(v.post(at+"/answer", url.Values{"answer": {"It is back. **My** fault."}, "language": {"en"}, "which": {"shown"}}))
		v.must(v.post(at+"/call", url.Values{"phone": {"+14805550199"}, "which": {"shown"}}))
		v.must(v.post(at+"/report", url.Values{"which": {"shown"}}))
		wantSaid(t, v.get(commentsPath+"?which=shown"), "<strong>My</strong> fault", "On the call list", "first customer’s report")
		wantSaid(t, v.get(callsPath), "Our shop has been down")
		h.read(t, func(ctx context.Context, tx *store.Tx) error {
			now, err := tx.Incidents.ByID(ctx, i.ID)
			if err == nil && (now.FirstReportAt.IsZero() || now.FirstReportAt.After(held[0].At)) {
				t.Errorf("the first report is of %s, the comment of %s", now.FirstReportAt, held[0].At)
			}
			return err
		})
		for _, role := range []staff.Role{staff.Viewer, staff.Agent, staff.Finance} {
			if got := h.join(t, role).get(commentsPath); got.status != http.StatusForbidden {
				t.Errorf("%s reads what waits: %d", role, got.status)
			}
		}
	})
}

func TestTheCompanyDecidesWhoMayCommentAndItsKeyIsNeverShown(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		at := "/console/settings/comments"
		page := v.get(at)
		wantSaid(t, page, "Take no comments", "Days after the end")
		wish := url.Values{
			"version": {hidden(t, page, "version")}, "comments.screen": {"all"}, "comments.days": {"14"}, "comments.check_url": {"https://check.example"},
			"comments.check_key": {"s3cret-key"},
		}
		v.must(v.post(at, wish))
		if got := h.chosen(t).Comments; got.Screen != "all" || got.OpenFor() != 14 || !got.Checked() {
			t.Errorf("%+v", got)
		}
		page = v.get(at)
		if strings.Contains(page.body, "s3cret") {
			t.Error("the key is shown")
		}
		wish.Set("version", hidden(t, page, "version"))
		wish.Set("comments.check_key", "")
		wish.Set("comments.days", "999")
		refused := v.post(at, wish)
		if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.body, `value="999"`) {
			t.Errorf("999 days: %d", refused.status)
		}
		wish.Set("comments.days", "15")
		v.must(v.post(at, wish))
		if got := h.chosen(t).Comments; got.CheckKey != "s3cret-key" {
			t.Error("the key was lost")
		}
	})
}

// V15: what visitors write and call themselves is words where we read it, too.
func TestV15NothingInACommentActsOnTheDesk(t *testing.T) {
	h := open(t, storetest.Open(t, storetest.SQLite(t)))
	v := h.setUp(t)
	i, _ := h.callCentre(t, 1)
	raw, err := os.ReadFile("../markup/testdata/xss_more.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := payloads(t)
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		all = append(all, strings.NewReplacer("⏎", "\n", "⇥", "\t").Replace(line))
	}
	for n, text := range all {
		all[n] = strings.ToValidUTF8(strings.ReplaceAll(strings.ReplaceAll(text, "\x00", ""), "␀", ""), "")
	}
	if len(all) < 500 {
		t.Fatalf("the corpus has %d payloads; was it cut?", len(all))
	}
	h.commented(t, i.ID, incident.CommentHeld, all...)
	h.commented(t, i.ID, incident.CommentShown, all...)
	seen := 0
	for _, which := range []string{"held", "shown"} {
		for path := commentsPath + "?which=" + which; path != ""; {
			page := v.get(path).body
			links, faults := inspect(t, page)
			for _, fault := range faults {
				t.Errorf("%s: %s", path, fault)
			}
			seen += strings.Count(page, `id="cmt_`) / 2
			path = ""
			for _, link := range links {
				if strings.Contains(link, "which="+which) && strings.Contains(link, "after=") {
					path = link
				}
			}
		}
	}
	if seen < 2*len(all) {
		t.Errorf("only %d of %d comments were looked at", seen, 2*len(all))
	}
}
