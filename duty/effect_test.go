package duty_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"candor/audience"
	"candor/id"
	"candor/problem"
	"candor/reach"
	"candor/store"
	"candor/store/storetest"
)

var effectLink = regexp.MustCompile(`https://status\.example\.com/en/effect/([^/\s"]+)/([a-z0-9]{12})`)

// After a total outage everybody is asked what came of it; what they say stands beside what we claim.
func TestCustomersAreAskedAfterwardsWhetherTheyKnew(t *testing.T) {
	url := storetest.SQLite(t)
	storetest.Crowd(t)
	synctest.Test(t, func(t *testing.T) {
		h := pursuing(t, url)
		for n := range 4 {
			h.customer(fmt.Sprint("customer ", n), audience.Address(fmt.Sprintf("c%d@harbour.example", n)))
		}
		second := h.customer("second account", "c0@harbour.example")
		nowhere := h.customer("nowhere")
		i := h.outage()
		h.run(5 * time.Second)
		check := func() error {
			_, err := h.desk.CheckEffect(h.as(h.ann), i)
			return err
		}
		if err := check(); len(problem.All(err)) != 1 {
			t.Errorf("asked while it goes on: %v", err)
		}
		h.resolve(i)
		h.run(5 * time.Second)
		told := len(h.mail.Taken())
		if err := check(); err != nil {
			t.Fatal(err)
		}
		h.run(5 * time.Second)
		letters := h.mail.Taken()[told:]
		if len(letters) != 4 {
			t.Fatalf("%d letters for four addresses", len(letters))
		}
		links := map[string][]string{}
		for _, m := range letters {
			found := effectLink.FindStringSubmatch(m.Text)
			if found == nil || !strings.Contains(m.HTML, found[0]) {
				t.Fatalf("no link in %s", m.Text)
			}
			links[string(m.To)] = found
		}
		if err := check(); len(problem.All(err)) != 1 {
			t.Errorf("asked twice: %v", err)
		}
		answer := func(to string, a reach.Answer) {
			t.Helper()
			if err := h.desk.Answer(t.Context(), links[to][1], id.Code(links[to][2]), a); err != nil {
				t.Fatal(err)
			}
			h.run(time.Second)
		}
		if _, err := h.desk.AskedBy(t.Context(), links["c3@harbour.example"][1], id.Code(links["c3@harbour.example"][2])); err != nil {
			t.Fatal(err)
		}
		answer("c0@harbour.example", reach.NotGot) // with two accounts
		answer("c1@harbour.example", reach.KnowsNot)
		answer("c1@harbour.example", reach.KnowsWhatToDo)
		answer("c2@harbour.example", reach.KnowsWhatToDo)
		if err := h.desk.Answer(t.Context(), links["c2@harbour.example"][1], id.Code(links["c2@harbour.example"][2]), "maybe"); len(problem.All(err)) != 1 {
			t.Errorf("an answer that is none: %v", err)
		}
		var e reach.Effect
		h.do(h.db.Read, func(ctx context.Context, tx *store.Tx) (err error) {
			e, err = tx.Effects.Of(ctx, i)
			return err
		})
		if e.Affected != 6 || e.Asked != 6 || e.Letters != 5 || e.Level != reach.LevelA || e.Answered() != 4 ||
			e.Answers[reach.KnowsWhatToDo] != 2 || e.Answers[reach.NotGot] != 2 || e.Answers[reach.KnowsNot] != 0 {
			t.Errorf("%+v", e)
		}
		if share, margin, known := e.Share(reach.KnowsWhatToDo); !known || share != 50 || margin <= 0 {
			t.Errorf("%v%% ± %v, %v", share, margin, known)
		}
		// The question is no word of the incident: it tells nobody, and reaches nobody.
		h.stands(i, nowhere, "not told by being asked", reach.Standing{End: reach.EndUnreachable})
		h.stands(i, second, "overtaken as before", reach.Standing{End: reach.EndOvertaken})
		h.adds(i, reach.Figures{Affected: 6, Told: 5, Closed: 6})
	})
}
