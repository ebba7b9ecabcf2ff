package desk_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"candor/desk"
	"candor/id"
	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/problem"
	"candor/settings"
	"candor/store"
	"candor/store/storetest"
)

// advice is what was kept about the words of an incident.
func (n newsroom) advice(t *testing.T, i id.Incident) (all []playbook.Advice) {
	t.Helper()
	err := n.db.Read(t.Context(), func(tx *store.Tx) (err error) {
		all, err = tx.Advice.Of(t.Context(), i)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func foundRules(a playbook.Advice) (rules []playbook.FindingRule) {
	for _, f := range a.Findings {
		rules = append(rules, f.Rule)
	}
	return rules
}

func TestWhatIsPointedOutIsKeptWithTheWord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i, first, err := n.Declare(n.ctx, desk.Declaration{First: desk.Word{Body: english("Whoops, all is down. No data was lost.")}})
		if err != nil {
			t.Fatalf("a first word is held up: %v", err)
		}
		all := n.advice(t, i.ID)
		if len(all) != 1 || all[0].Update != first.ID || all[0].Confirmed {
			t.Fatalf("%+v", all)
		}
		if got := foundRules(all[0]); !slices.Contains(got, playbook.RuleFlippant) || !slices.Contains(got, playbook.RuleDataSafe) {
			t.Errorf("kept %v", got)
		}
	})
}

func TestAContradictionCostsOneMoreClick(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i, _, err := n.Declare(n.ctx, desk.Declaration{First: desk.Word{Body: english("All is down.")}})
		if err != nil {
			t.Fatal(err)
		}
		word := desk.Word{Body: english("No data was lost."), Ask: true}
		_, err = n.Post(n.ctx, i.ID, word)
		if got := keys(err); !slices.Equal(got, []string{"anyway problem.contradiction"}) {
			t.Fatalf("the words contradict the field: %v", err)
		}
		word.Confirmed = "something else"
		if _, err = n.Post(n.ctx, i.ID, word); !problem.Is(err, problem.Invalid) {
			t.Errorf("another contradiction was confirmed: %v", err)
		}
		word.Confirmed = playbook.Confirmation([]playbook.Finding{{Rule: playbook.RuleDataSafe, Level: playbook.Ask, Language: "en", Excerpt: "No data was lost"}})
		u, err := n.Post(n.ctx, i.ID, word)
		if err != nil {
			t.Fatalf("the second click: %v", err)
		}
		if last := n.advice(t, i.ID)[1]; last.Update != u.ID || !last.Confirmed {
			t.Errorf("%+v", last)
		}
		if _, err := n.Post(n.ctx, i.ID, desk.Word{Body: english("No data was lost.")}); err != nil {
			t.Errorf("a program is asked: %v", err)
		}
		if _, err := n.Post(n.ctx, i.ID, desk.Word{Ask: true, Body: english("No data was lost."), Fields: incident.Fields{Data: incident.Safety{State: incident.SafetyUnaffected}}}); err != nil {
			t.Errorf("the field says so too: %v", err)
		}
	})
}

func TestTheThirdApologyInAQuarterIsCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		over := func(visibility incident.Visibility, words string) id.Incident {
			i, _, err := n.Declare(n.ctx, desk.Declaration{Visibility: visibility, First: desk.Word{Body: english("It is down.")}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err = n.Post(n.ctx, i.ID, desk.Word{Status: incident.Resolved, Body: english(words)}); err != nil {
				t.Fatal(err)
			}
			return i.ID
		}
		third := func(i id.Incident) bool {
			all := n.advice(t, i)
			return slices.Contains(foundRules(all[len(all)-1]), playbook.RuleThirdApology)
		}
		over("", "We are sorry.")
		over(incident.Rehearsal, "We are sorry.")
		if third(over("", "We are sorry.")) {
			t.Error("the second apology, and a rehearsed one, are three")
		}
		if !third(over("", "We are sorry.")) {
			t.Error("the third apology is not seen")
		}
		over("", "We are adding alerts on disk space, so that this cannot happen again.")
		if third(over("", "We are sorry.")) {
			t.Error("a new corrective action did not count")
		}
	})
}

func TestACorrectionIsReadToo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i, u, err := n.Declare(n.ctx, desk.Declaration{First: desk.Word{Body: english("All is down.")}})
		if err != nil {
			t.Fatal(err)
		}
		in := desk.Correction{Body: english("All is down. No data was lost."), Reason: "More is known.", Ask: true}
		if got := keys(n.Correct(n.ctx, u.ID, in)); !slices.Equal(got, []string{"anyway problem.contradiction"}) {
			t.Fatalf("%v", got)
		}
		in.Ask = false
		if err := n.Correct(n.ctx, u.ID, in); err != nil {
			t.Fatal(err)
		}
		all := n.advice(t, i.ID)
		if len(all) != 2 || all[1].Revision != 1 || !slices.Contains(foundRules(all[1]), playbook.RuleDataSafe) || slices.Contains(foundRules(all[1]), playbook.RuleNoNext) {
			t.Errorf("%+v", all)
		}
	})
}

func TestWordsThatAreBlackedOutLeaveTheAdviceToo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		i, u, err := n.Declare(n.ctx, desk.Declaration{First: desk.Word{Body: english("Whoops hunter2, all is down. No data of hunter2 was lost.")}})
		if err != nil {
			t.Fatal(err)
		}
		if len(n.advice(t, i.ID)[0].Findings) == 0 {
			t.Fatal("nothing was found, and nothing is proved")
		}
		if err := n.BlackOut(n.ctx, u.ID, desk.BlackingOut{Language: "en", Words: []string{"hunter2"}, Reason: incident.Secret}); err != nil {
			t.Fatal(err)
		}
		for _, f := range n.advice(t, i.ID)[0].Findings {
			if strings.Contains(f.Excerpt, "hunter") {
				t.Errorf("%s still quotes %q", f.Rule, f.Excerpt)
			}
		}
	})
}

func TestTheHousesOwnWordsAreReadAndRefusedWithTheirFault(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		save := func(w settings.Words) error {
			var s settings.Settings
			var version int64
			err := db.Read(t.Context(), func(tx *store.Tx) (err error) {
				s, version, err = tx.Settings.Load(t.Context())
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			s.Words = w
			return n.SaveSettings(n.ctx, s, version)
		}
		if got := keys(save(settings.Words{Rules: "rules: [{name: x}]"})); !slices.Contains(got, "words.rules problem.rules.examples") {
			t.Errorf("a rule without examples: %v", got)
		}
		glossary := map[lang.Tag][]settings.Term{"en": {{Jargon: "RCA", Plain: "report on the cause"}}}
		if err := save(settings.Words{Glossary: glossary}); err != nil {
			t.Fatal(err)
		}
		i, _, err := n.Declare(n.ctx, desk.Declaration{First: desk.Word{Body: english("The RCA follows.")}})
		if err != nil {
			t.Fatal(err)
		}
		if got := foundRules(n.advice(t, i.ID)[0]); !slices.Contains(got, playbook.RuleJargon) {
			t.Errorf("%v", got)
		}
	})
}

// Reading is not what a first word waits for: all five languages are read before the transaction, and within it nothing is measured.
func TestSmallWordsAreHeldAgainstWhatWasMeasured(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		n := open(t, db)
		ctx := context.WithoutCancel(t.Context())
		word := playbook.Word{Impact: incident.ImpactMinor, Status: incident.Identified, Body: english("Some users see errors."), NextBy: time.Now().Add(time.Minute)}
		for name, c := range map[string]struct {
			measured playbook.Measured
			want     bool
		}{"one in a hundred": {playbook.Measured{Customers: 1, Of: 100}, false}, "one in two": {playbook.Measured{Customers: 50, Of: 100}, true}} {
			w := word
			w.Measured = c.measured
			err := db.Read(ctx, func(tx *store.Tx) error {
				findings, err := n.Review(ctx, tx, settings.Defaults(), incident.Incident{}, w, time.Now())
				if got := slices.ContainsFunc(findings, func(f playbook.Finding) bool { return f.Rule == playbook.RuleMinimising }); got != c.want {
					t.Errorf("%s: minimising is found: %v", name, got)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
