package console

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"candor/reach"
	"candor/staff"
	"candor/store"
)

func TestWhoIsCalledInAnswersByALinkThatOnlyAPostUses(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		i, _ := h.callCentre(t, 0)
		for _, name := range []string{"Ben", "Cem"} {
			v.must(v.post("/console/people", url.Values{"key": {name}, "name": {name}, "mail": {strings.ToLower(name) + "@harbour.test"}, "role[]": {"agent"}, "mobile": {"+49 151 12345009"}, "under": {""}, "deputy": {""}}))
		}
		wantSaid(t, v.get("/console/people"), "Who calls whom in", "called in by Dana Whitfield")
		at := "/console/incidents/" + string(i.Code) + "/call-in"
		wantSaid(t, v.get("/console/incidents/"+string(i.Code)), "Call everybody in")
		wantSaid(t, v.get(at), "Call everybody in")
		form := url.Values{"key": {"k"}, "note": {"Room 4"}}
		for range 2 {
			wantSaid(t, v.must(v.post(at, form)), "1 of 3 are on", "Room 4", "was asked", "Dana Whitfield called everybody in")
		}

		links := map[string]string{}
		h.read(t, func(ctx context.Context, tx *store.Tx) error {
			people, err := tx.People.All(ctx)
			if err != nil {
				return err
			}
			all, err := tx.Announcements.OfIncident(ctx, i.ID)
			for _, a := range all {
				for _, p := range people {
					if a.Kind == reach.OnCallIn && a.Target.Person == p.ID {
						links[p.Name] = a.Link
					}
				}
			}
			return err
		})
		if len(links) != 2 {
			t.Fatalf("links to %v, want to Ben and Cem once each", links)
		}
		stranger := h.visitor(t)
		for range 3 { // a scanner of mails opens links
			wantSaid(t, stranger.get(links["Ben"]), "Dana Whitfield calls you in, Ben", "The shop is closed", "Room 4", "I am on it")
		}
		wantSaid(t, v.get(at), "1 of 3 are on")
		wantSaid(t, stranger.must(stranger.post(links["Ben"], url.Values{"answer": {"coming"}})), "You are on")
		wantSaid(t, stranger.must(stranger.post(links["Cem"], url.Values{"answer": {"unable"}})), "that you cannot come")
		wantSaid(t, v.get(at), "2 of 3 are on", "cannot come")
		if a := stranger.post(links["Cem"], url.Values{"answer": {"asleep"}}); a.status != http.StatusUnprocessableEntity {
			t.Errorf("an answer nobody offered is answered %d", a.status)
		}
		forged := []byte(links["Ben"])
		if forged[len(forged)-4]++; forged[len(forged)-4] < 'a' || forged[len(forged)-4] > 'z' {
			forged[len(forged)-4] = 'a'
		}
		if a := stranger.get(string(forged)); a.status != http.StatusNotFound {
			t.Errorf("a link with another end is answered %d", a.status)
		}

		var cem staff.Person
		h.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
			cem, err = tx.People.ByMail(ctx, "cem@harbour.test")
			return err
		})
		wantSaid(t, v.must(v.post(at+"/"+string(cem.ID), url.Values{"answer": {"coming"}})), "3 of 3 are on", "Nobody will be asked any more")
	})
}

func TestATreeWithACircleIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		v := h.setUp(t)
		people := map[string]staff.Person{}
		add := func(name, under string) answer {
			return v.post("/console/people", url.Values{"key": {name}, "name": {name}, "mail": {strings.ToLower(name) + "@harbour.test"}, "role[]": {"agent"}, "under": {under}, "deputy": {""}})
		}
		look := func() {
			h.read(t, func(ctx context.Context, tx *store.Tx) error {
				all, err := tx.People.All(ctx)
				for _, p := range all {
					people[p.Name] = p
				}
				return err
			})
		}
		v.must(add("Ben", ""))
		look()
		v.must(add("Cem", string(people["Ben"].ID)))
		look()
		if people["Cem"].Under != people["Ben"].ID {
			t.Fatalf("Cem stands under %q", people["Cem"].Under)
		}
		a := v.post("/console/people/"+string(people["Ben"].ID), url.Values{"key": {"x"}, "name": {"Ben"}, "mail": {"ben@harbour.test"}, "role[]": {"agent"}, "under": {string(people["Cem"].ID)}, "deputy": {""}})
		wantSaid(t, a, "Nobody can stand above themselves")
		if a.status != http.StatusUnprocessableEntity {
			t.Errorf("a circle is answered %d", a.status)
		}
	})
}
