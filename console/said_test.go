package console

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"candor/staff"
)

// declare says a first word through the form and answers the incident's path.
func (h *house) declare(t *testing.T, v *visitor, component, body string) string {
	t.Helper()
	page := v.get("/console/declare")
	form := formOnPage(page)
	form.Set(selectNamed(t, page, component), "partial_outage")
	form.Set("body.en", body)
	a := v.post("/console/declare", form)
	if a.status != http.StatusSeeOther {
		t.Fatalf("declare: %d\n%s", a.status, visible(a.body))
	}
	path, _, _ := strings.Cut(a.to, "?")
	return path
}

func TestAnEmptyFirstWordIsNeverFilledInBehindAnybodysBack(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		h.components(t, v, "Mail")
		emptied := formOnPage(v.get("/console/declare"))
		for name := range emptied {
			if strings.HasPrefix(name, "body.") || strings.HasPrefix(name, "title.") {
				emptied.Set(name, "")
			}
		}
		for claim, form := range map[string]url.Values{"every text was emptied": emptied, "the form was never seen": {"act": {"post"}}} {
			if a := v.post("/console/declare", form); a.status != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d, want a refusal", claim, a.status)
			}
		}
	})
}

func TestWhatWasSaidIsCorrectedInTheOpenAndBlackedOutForGood(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		h.components(t, v, "Mail")
		path := h.declare(t, v, "Mail", "Mail is late since 13:00. Key hunter2.")
		update := regexp.MustCompile(`/updates/([a-z0-9]{12})/correct`).FindStringSubmatch(v.get(path).body)[1]

		page := v.must(v.post(path+"/updates/"+update+"/correct", url.Values{"body.en": {"Mail is late since 13:10. Key hunter2."}, "reason": {"the time was wrong"}}))
		wantSaid(t, page, "Corrected in the open", "since 13:10", "corrected by Dana Whitfield: the time was wrong")

		refused := v.post(path+"/updates/"+update+"/black-out", url.Values{"language": {"en"}, "words": {"hunter3"}, "reason": {"secret"}, "note": {"a key"}})
		if refused.status != http.StatusUnprocessableEntity || !strings.Contains(refused.body, "hunter3") {
			t.Errorf("words that are not there: %d, typed words kept: %v", refused.status, strings.Contains(refused.body, "hunter3"))
		}
		page = v.must(v.post(path+"/updates/"+update+"/black-out", url.Values{"language": {"en"}, "words": {"hunter2"}, "reason": {"secret"}, "note": {"a key"}}))
		wantSaid(t, page, "Blacked out for good", "words blacked out by Dana Whitfield: a secret, a key")
		if strings.Contains(page.body, "hunter2") {
			t.Error("the words are still on the page")
		}
		page = v.must(v.post(path+"/facts", url.Values{"lead": {""}, "detected_by": {"customer"}, "started_at": {"2026-01-02T03:04"}}))
		wantSaid(t, page, "Noticed by: A customer")
	})
}

func TestPlannedWorkIsAnnouncedStartedAndEnded(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		h.components(t, v, "Mail")
		page := v.get("/console/maintenance")
		form := formOnPage(page)
		form.Set(selectNamed(t, page, "Mail"), "under_maintenance")
		refused := v.post("/console/maintenance", form)
		if refused.status != http.StatusUnprocessableEntity {
			t.Fatalf("work without a time is answered %d, want 422", refused.status)
		}
		tomorrow := time.Now().AddDate(0, 0, 2)
		form.Set("window_from", tomorrow.Format(localLayout))
		form.Set("window_until", tomorrow.Add(2*time.Hour).Format(localLayout))
		a := v.post("/console/maintenance", form)
		page = v.must(a)
		wantSaid(t, page, "Announced.", "Scheduled", "Start the work now", "Starts by itself")
		path, _, _ := strings.Cut(a.to, "?")
		wantSaid(t, v.must(v.post(path+"/start", url.Values{"key": {"s"}})), "The work has started", "In progress", "The work is done")
		wantSaid(t, v.must(v.post(path+"/end", url.Values{"key": {"e"}})), "Completed")
	})
}

func TestSettingsThatSomebodyElseChangedAreNotOverwritten(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		mine := formOnPage(v.get("/console/settings"))
		theirs := formOnPage(v.get("/console/settings"))
		theirs.Set("support", "+1 480 555 0142")
		wantSaid(t, v.must(v.post("/console/settings", theirs)), "Kept.")
		mine.Set("support", "somebody else")
		a := v.post("/console/settings", mine)
		if a.status == http.StatusSeeOther {
			t.Fatal("the older form overwrote the newer settings")
		}
		wantSaid(t, a, "somebody else")
		if got := formOnPage(v.get("/console/settings")).Get("support"); got != "+1 480 555 0142" {
			t.Errorf("support is %q", got)
		}
	})
}

func TestATokensSecretIsShownOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		secret := regexp.MustCompile(`cnd_[0-9a-z]+`)
		page := v.must(v.post("/console/tokens", url.Values{"name": {"Alertmanager"}, "scope[]": {"alerts"}}))
		shown := secret.FindString(page.body)
		if shown == "" {
			t.Fatalf("no secret on the page:\n%s", visible(page.body))
		}
		if a, err := h.desk.ByToken(t.Context(), shown); err != nil || !a.May(staff.Alert) || a.May(staff.Look) {
			t.Errorf("the secret opens %v, %v", a.Scopes, err)
		}
		if again := v.get("/console/tokens"); secret.MatchString(again.body) {
			t.Error("the secret is shown again")
		}
	})
}

func TestAViewerIsOfferedNothingThatIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		owner := h.setUp(t)
		h.components(t, owner, "Mail")
		path := h.declare(t, owner, "Mail", "Mail is late.")
		v := h.join(t, staff.Viewer)
		for _, page := range []string{"/console", "/console/say", path, "/console/components", "/console/people", "/console/prove", "/console/repair"} {
			links, _ := inspect(t, v.get(page).body)
			for _, link := range links {
				if got := v.get(link).status; got != http.StatusOK {
					t.Errorf("%s links to %s, which answers a viewer %d", page, link, got)
				}
			}
		}
	})
}
