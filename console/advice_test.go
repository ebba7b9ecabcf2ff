package console

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"candor/lang"
	"candor/playbook"
)

func TestAWordIsReadByACarefulColleagueFirst(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		h.components(t, v, "Mail")
		wantSaid(t, v.get("/console/declare"), "Before it goes out", "Customers are given no way to reach Dana Whitfield")
		path := h.declare(t, v, "Mail", "Whoops, mail is late. No data was lost.") // advised, not refused
		wantSaid(t, v.get(path), "What was pointed out before it went out", "sent as it was", "Whoops", "A joke costs customers")
	})
}

// The first word is never held up; a later one that contradicts a field costs one more click, with what was typed kept.
func TestAContradictionIsAskedAboutOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		h.components(t, v, "Mail")
		path := h.declare(t, v, "Mail", "Mail is late. No data was lost.")
		form := formOnPage(v.get(path + "/write"))
		form.Set("body.en", "Still late. No data was lost.")
		asked := v.post(path+"/updates", form)
		if asked.status != http.StatusUnprocessableEntity {
			t.Fatalf("%d, want to be asked", asked.status)
		}
		wantSaid(t, asked, "A sentence contradicts a field", "No data was lost", "send it all the same", "Still late.")
		again := formOnPage(asked)
		confirm := regexp.MustCompile(`name="anyway" value="([0-9a-f]+)"`).FindStringSubmatch(asked.body)
		if confirm == nil {
			t.Fatalf("nothing to tick:\n%s", visible(asked.body))
		}
		again.Set("anyway", confirm[1])
		wantSaid(t, v.must(v.post(path+"/updates", again)), "Posted.", "confirmed, and sent all the same")
	})
}

func TestFindingsComeWhileSomebodyTypes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		h.components(t, v, "Mail")
		path := h.declare(t, v, "Mail", "Mail is late.")
		form := formOnPage(v.get(path + "/write"))
		form.Set("body.en", "We apologise for any inconvenience. <b>Whoops</b>")
		page := v.post(path+"/preview", form)
		wantSaid(t, page, "any inconvenience", "doubts that anybody was harmed")
		update := regexp.MustCompile(`/updates/([a-z0-9]{12})/correct`).FindStringSubmatch(v.get(path).body)[1]
		for _, at := range []string{path + "/updates/" + update + "/check", "/console/maintenance/check"} {
			page = v.post(at, url.Values{"body.en": {"We apologise for any inconvenience."}, "reason": {"typed"}})
			if page.status != http.StatusOK {
				t.Fatalf("%s: %d", at, page.status)
			}
			wantSaid(t, page, "any inconvenience", "doubts that anybody was harmed", "We apologise for any inconvenience.")
		}
	})
}

func TestACorrectionThatContradictsAFieldIsAskedAbout(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		h.components(t, v, "Mail")
		path := h.declare(t, v, "Mail", "Mail is late.")
		at := path + "/updates/" + regexp.MustCompile(`/updates/([a-z0-9]{12})/correct`).FindStringSubmatch(v.get(path).body)[1] + "/correct"
		form := url.Values{"body.en": {"Mail is late. Your data is safe."}, "reason": {"more is known"}}
		asked := v.post(at, form)
		wantSaid(t, asked, "A sentence contradicts a field", "more is known")
		form.Set("anyway", regexp.MustCompile(`name="anyway" value="([0-9a-f]+)"`).FindStringSubmatch(asked.body)[1])
		wantSaid(t, v.must(v.post(at, form)), "Corrected in the open")
	})
}

// The author reads findings in their own language, whatever the language of the text.
func TestFindingsAreSaidInTheLanguageOfWhoWrites(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		h.components(t, v, "Mail")
		profile := formOnPage(v.get("/console/profile"))
		profile.Set("language", string(lang.German))
		v.must(v.post("/console/profile", profile))
		form := formOnPage(v.get("/console/declare"))
		form.Set("body.en", "Whoops, all is down.")
		page := v.post("/console/declare/words", form)
		wantSaid(t, page, lang.For(lang.German).T("check.head"), playbook.Finding{Rule: playbook.RuleFlippant}.Why(lang.For(lang.German)))
		if !strings.Contains(page.body, `aria-labelledby="advice" lang="de"`) {
			t.Error("a screen reader is not told that the findings are German")
		}
	})
}
