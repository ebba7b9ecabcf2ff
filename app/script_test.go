package app

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"candor/desk"
	"candor/incident"
	"candor/lang"
	"candor/staff"
)

// acting finds what would run in a page: a script of somebody's own, a handler, an address that is code.
var acting = regexp.MustCompile(`(?i)<script(?:>|[^>]*src="(?:https?:)?//)|<[a-z][^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*\son[a-z]+\s*=|(?:href|src|action)="?\s*(?:javascript|data|vbscript):|<(?:iframe|object|embed|base|svg/onload)[^>]*alert`)

// V15: what people and alerts say is text on every page of the console and in every letter; the public page is looked at in package site.
func TestV15NothingAnybodyWroteActsInTheConsoleOrALetter(t *testing.T) {
	for _, planted := range []string{`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `<a title="x" onclick="y">`, `<a href="javascript:alert(1)">`} {
		if !acting.MatchString(planted) {
			t.Fatalf("%s is not seen", planted)
		}
	}
	payloads := []string{
		`"><script>alert(1)</script>`, `'><img src=x onerror=alert(1)>`, `" onmouseover="alert(1)`, `<svg/onload=alert(1)>`, `</title><script>alert(1)</script>`,
		`</textarea><script>alert(1)</script>`, `[x](javascript:alert(1))`, `<a href="data:text/html,alert(1)">x</a>`, `]]><script>alert(1)</script>`, "</option></select><img src=x onerror=alert(1)>",
	}
	working(t, func(h *house) {
		token, session := h.token(staff.Owner, staff.Rights[:]...), h.session(h.people[staff.Owner])
		pages := []string{"/en/"}
		for _, evil := range payloads {
			c := h.component(evil, false)
			if _, err := h.desk.AddPerson(h.as(staff.Owner), desk.PersonForm{Name: evil, Title: english(evil), Mail: "p" + strings.ToLower(string(c.Code)) + "@harbour.test", Roles: []staff.Role{staff.Communicator}}); err != nil {
				h.t.Fatal(err)
			}
			if _, err := h.desk.AddSubscriber(h.as(staff.Owner), desk.Subscription{Address: string(c.Code) + "@bakery.test", Language: lang.English}, true); err != nil {
				h.t.Fatal(err)
			}
			if _, _, err := h.desk.AddToken(h.as(staff.Owner), evil, staff.Rights[:1]); err != nil {
				h.t.Fatal(err)
			}
			i, u, err := h.desk.Declare(h.as(staff.Owner), desk.Declaration{Title: english(evil), First: desk.Word{Body: english(evil), Affected: []incident.Affected{{Component: c.ID, Status: "major_outage"}}}})
			if err != nil {
				h.t.Fatal(err)
			}
			alert := map[string]any{"status": "firing", "labels": map[string]string{"alertname": evil, "component": evil}, "annotations": map[string]string{"summary": evil}, "generatorURL": "javascript:alert(1)"}
			if got := h.ask(ask{method: http.MethodPost, path: "/api/v1/alerts", token: token, json: map[string]any{"groupKey": evil, "alerts": []any{alert}}}); got.Code != 200 {
				h.t.Fatal(got.Code, got.Body)
			}
			at := "/console/incidents/" + string(i.Code)
			pages = append(pages, at, at+"/write", at+"/facts", at+"/ledger", at+"/updates/"+string(u.ID)+"/correct", at+"/updates/"+string(u.ID)+"/black-out", "/console/components/"+string(c.ID), "/en/incidents/"+string(i.Code))
		}
		for _, r := range h.console.Routes() {
			if path, is := strings.CutPrefix(r.Pattern, "GET "); is && !strings.Contains(strings.TrimSuffix(path, "{$}"), "{") {
				pages = append(pages, strings.TrimSuffix(path, "{$}"))
			}
		}
		h.later(time.Minute)
		shown := 0
		for _, path := range pages {
			got := h.ask(ask{path: path, session: session}).Body.String()
			if found := acting.FindString(got); found != "" {
				h.t.Errorf("%s acts: %.200s", path, found)
			}
			if strings.Contains(got, "alert(1)") {
				shown++
			}
		}
		if shown < 30 {
			h.t.Errorf("only %d pages show what was written", shown)
		}
		letters := h.outbox()
		for _, k := range letters {
			if found := acting.FindString(k.HTML); found != "" {
				h.t.Errorf("a letter to %s acts: %.200s", k.Address, found)
			}
		}
		if len(letters) < 2*len(payloads) {
			h.t.Errorf("only %d letters were read", len(letters))
		}
	})
}
