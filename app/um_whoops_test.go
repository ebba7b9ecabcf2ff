package app

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"candor/desk"
	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/store"
)

// January 2008: a hosting company charged its customers for months they had long paid, and told them so in the tone of a joke. The comments
// under that post are why Candor reads a word before it goes out. The words here are our own, in that tone.
func TestUmWhoops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := openHarbour(t)
		h.clock("13:00")
		i, first, err := h.desk.Declare(h.dana(), desk.Declaration{
			Kind:  incident.Billing,
			First: desk.Word{Body: lang.Text{"en": "Whoops! Our billing robot got a bit over-excited last night and charged some of you twice. Hilarious, right? ;-)"}},
		})
		if err != nil {
			t.Fatalf("the first word was held up for its tone: %v", err)
		}
		h.pointedOut(i, first, playbook.RuleFlippant, playbook.Warn)
		if page := h.visit("/en/incidents/" + string(i.Code)); strings.Contains(page, "A joke costs") {
			t.Error("customers read what a colleague said of the words")
		}

		h.clock("15:00")
		last, err := h.desk.Post(h.dana(), i.ID, desk.Word{
			Status: incident.Resolved,
			Body:   lang.Text{"en": "All fixed, and we apologize for any inconvenience this may have caused. Drinks are on us, lol!"},
		})
		if err != nil {
			t.Fatal(err)
		}
		h.pointedOut(i, last, playbook.RuleFlippant, playbook.Warn)
		h.pointedOut(i, last, playbook.RuleConditional, playbook.Warn)
		h.pointedOut(i, last, playbook.RuleNoAction, playbook.Warn)

		h.clock("15:30")
		plain, err := h.desk.Post(h.dana(), i.ID, desk.Word{
			Body: lang.Text{"en": "We charged 4,200 of you twice. That was our mistake, and we are sorry. Every cent goes back to your card today, and so do your bank's fees."},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range h.advice(i, plain) {
			if f.Level != playbook.Hint {
				t.Errorf("of plain words it is said: %s, %q", f.Rule, f.Excerpt)
			}
		}
	})
}

func (h *harbour) advice(i incident.Incident, u incident.Update) (all []playbook.Finding) {
	h.t.Helper()
	h.read(func(ctx context.Context, tx *store.Tx) error {
		kept, err := tx.Advice.Of(ctx, i.ID)
		for _, a := range kept {
			if a.Update == u.ID {
				all = append(all, a.Findings...)
			}
		}
		return err
	})
	return all
}

func (h *harbour) pointedOut(i incident.Incident, u incident.Update, rule playbook.FindingRule, level playbook.Level) {
	h.t.Helper()
	found := h.advice(i, u)
	if !slices.ContainsFunc(found, func(f playbook.Finding) bool { return f.Rule == rule && f.Level == level }) {
		h.t.Errorf("update %d: nobody was told of %s (%s); found %v", u.Number, rule, level, found)
	}
}
