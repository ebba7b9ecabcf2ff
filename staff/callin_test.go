package staff_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/id"
	"candor/problem"
	"candor/staff"
)

var (
	three = time.Date(2012, 9, 10, 3, 0, 0, 0, time.UTC)
	house = staff.Tree{{Person: "ada"}, {Person: "ben", Under: "ada", Deputy: "cleo"}, {Person: "cleo", Under: "ada"}, {Person: "dan", Under: "ben"}, {Person: "eva", Under: "ben"}}
)

// at is a call-in at three in the morning with what was asked and answered since.
func at(asks ...staff.Ask) staff.CallIn {
	return staff.CallIn{Tree: house, Terms: staff.UsualTerms(), At: three, Asks: asks}
}

func ask(person, by id.Person, minute int) staff.Ask {
	return staff.Ask{Person: person, By: by, Pass: 1, At: three.Add(time.Duration(minute) * time.Minute)}
}

func answered(a staff.Ask, how staff.Answer) staff.Ask {
	a.Answer, a.AnsweredAt = how, a.At.Add(time.Minute)
	return a
}

func TestWhoIsAskedNextWhenEverybodyIsCalledIn(t *testing.T) {
	t.Parallel()
	ada, failed := answered(ask("ada", "", 0), staff.Coming), ask("ben", "ada", 1)
	failed.Failed = true
	for _, c := range []struct {
		what   string
		callin staff.CallIn
		minute int
		want   []staff.Step
		look   int // minutes; -1 for never
	}{
		{"the top first", at(), 0, []staff.Step{{Person: "ada", Pass: 1, Why: staff.AskedAtTheTop}}, 5},
		{"and nobody before the top had time to answer", at(ask("ada", "", 0)), 4, nil, 5},
		{"who is on calls their own", at(ada), 1, []staff.Step{{"ben", "ada", 1, staff.AskedInTurn}, {"cleo", "ada", 1, staff.AskedInTurn}}, 6},
		{"no answer from the top: the branch at once, and the top again", at(ask("ada", "", 0)), 5, []staff.Step{{"ada", "", 2, staff.AskedAgain}, {"ben", "", 1, staff.Reassigned}, {"cleo", "", 1, staff.Reassigned}}, 10},
		{"no answer: the deputy takes the branch", at(ada, ask("ben", "ada", 1), answered(ask("cleo", "ada", 1), staff.Coming)), 6, []staff.Step{{"ben", "ada", 2, staff.AskedAgain}, {"dan", "cleo", 1, staff.Reassigned}, {"eva", "cleo", 1, staff.Reassigned}}, 11},
		{"nor from the deputy: the nearest above", at(ada, ask("ben", "ada", 1), ask("cleo", "ada", 1)), 6, []staff.Step{{"ben", "ada", 2, staff.AskedAgain}, {"cleo", "ada", 2, staff.AskedAgain}, {"dan", "ada", 1, staff.Reassigned}, {"eva", "ada", 1, staff.Reassigned}}, 11},
		{"no channel takes the message: nobody waits for an answer", at(ada, failed, answered(ask("cleo", "ada", 1), staff.Coming)), 1, []staff.Step{{"ben", "ada", 2, staff.AskedAgain}, {"dan", "cleo", 1, staff.Reassigned}, {"eva", "cleo", 1, staff.Reassigned}}, 6},
		{"who cannot work calls nobody", at(ada, answered(ask("ben", "ada", 1), staff.Unable), answered(ask("cleo", "ada", 1), staff.Coming)), 2, []staff.Step{{"dan", "cleo", 1, staff.Reassigned}, {"eva", "cleo", 1, staff.Reassigned}}, 7},
		{"everybody answered", at(ada, answered(ask("ben", "ada", 1), staff.Coming), answered(ask("cleo", "ada", 1), staff.Coming), answered(ask("dan", "ben", 2), staff.Unable), answered(ask("eva", "ben", 2), staff.Coming)), 9, nil, -1},
	} {
		steps, look := c.callin.Next(three.Add(time.Duration(c.minute) * time.Minute))
		if diff := cmp.Diff(c.want, steps); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
		if want := three.Add(time.Duration(c.look) * time.Minute); c.look >= 0 && !look.Equal(want) || c.look < 0 && !look.IsZero() {
			t.Errorf("%s: looks again at %v", c.what, look)
		}
	}
}

func TestWhoIsOn(t *testing.T) {
	t.Parallel()
	again := ask("ben", "ada", 6)
	again.Pass = 2
	got := at(answered(ask("ada", "", 0), staff.Coming), ask("ben", "ada", 1), again, answered(ask("cleo", "ada", 1), staff.Coming), answered(ask("dan", "cleo", 6), staff.Unable)).Roster(three.Add(20 * time.Minute))
	want := staff.Roster{
		On: []id.Person{"ada", "cleo"}, Unable: []id.Person{"dan"}, Silent: []id.Person{"ben"}, Unasked: []id.Person{"eva"},
		Branches: map[id.Person]id.Person{"ben": "cleo"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestALateAnswerCountsWhicheverTimeTheyWereAsked(t *testing.T) {
	t.Parallel()
	first, second := answered(ask("ada", "", 0), staff.Coming), ask("ada", "", 5)
	second.Pass = 2
	for _, asks := range [][]staff.Ask{{first, second}, {second, first}} {
		if on := at(asks...).Roster(three.Add(time.Hour)).On; len(on) != 1 {
			t.Errorf("on: %v", on)
		}
	}
}

func TestATreeHasNoCircleAndNobodyTwice(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		tree staff.Tree
		want []string
	}{
		"a house":              {house, nil},
		"nobody":               {nil, nil},
		"somebody twice":       {staff.Tree{{Person: "ada"}, {Person: "ada"}}, []string{"problem.tree.twice"}},
		"under a stranger":     {staff.Tree{{Person: "ada", Under: "zoe"}}, []string{"problem.tree.missing"}},
		"their own deputy":     {staff.Tree{{Person: "ada", Deputy: "ada"}}, []string{"problem.tree.missing"}},
		"a circle":             {staff.Tree{{Person: "ada", Under: "ben"}, {Person: "ben", Under: "ada"}}, []string{"problem.tree.circle", "problem.tree.circle"}},
		"several, all at once": {staff.Tree{{Person: ""}, {Person: "ada", Under: "zoe"}}, []string{"problem.tree.twice", "problem.tree.missing"}},
	} {
		var got []string
		for _, p := range problem.All(c.tree.Validate()) {
			got = append(got, p.Key)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
}

// The figures of the domain study: a tree that loses the people below whoever is not reached, and ours that does not.
func TestGivingBranchesAwayTurnsHalfIntoNearlyAll(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../testdata/facts/reach.json")
	if err != nil {
		t.Fatal(err)
	}
	var facts struct {
		Trees []struct {
			FanOut   int    `json:"fan_out"`
			Levels   int    `json:"levels"`
			Nodes    int    `json:"nodes"`
			Coverage string `json:"coverage_pct"`
		} `json:"tree_math"`
	}
	if err := json.Unmarshal(text, &facts); err != nil || len(facts.Trees) == 0 {
		t.Fatal(err)
	}
	for _, f := range facts.Trees {
		tree := grown(f.FanOut, f.Levels)
		if len(tree) != f.Nodes {
			t.Fatalf("%d people, want %d", len(tree), f.Nodes)
		}
		if err := tree.Validate(); err != nil {
			t.Fatal(err)
		}
		lost, err := strconv.ParseFloat(f.Coverage, 64)
		if err != nil {
			t.Fatal(err)
		}
		// Enough people that chance moves the mean by less than the tolerance: without reassignment whole branches go together.
		plays := 60_000 / f.Nodes
		for _, c := range []struct {
			what     string
			passes   int
			reassign bool
			want     float64
		}{{"children lost with their caller", 1, false, lost}, {"reassigned", 1, true, 80}, {"reassigned, two passes", 2, true, 96}} {
			got := played(tree, c.passes, c.reassign, plays)
			if math.Abs(got-c.want) > 2 {
				t.Errorf("%d people, fan-out %d, %s: %.1f%% are on, want %.1f%%", f.Nodes, f.FanOut, c.what, got, c.want)
			}
		}
	}
}

func grown(fanOut, levels int) (tree staff.Tree) {
	above := []id.Person{""}
	for level := range levels {
		var here []id.Person
		for _, head := range above {
			for range fanOut {
				p := id.Person(fmt.Sprint(level, "-", len(here)))
				tree, here = append(tree, staff.Place{Person: p, Under: head}), append(here, p)
			}
		}
		above = here
	}
	return tree
}

// played is the mean share of people who are on at the end, each ask being answered four times in five. Without reassignment nobody
// follows the steps that give a branch to somebody else.
func played(tree staff.Tree, passes int, reassign bool, plays int) float64 {
	chance := rand.New(rand.NewPCG(1, uint64(len(tree))))
	on := 0
	for range plays {
		c := staff.CallIn{Tree: tree, Terms: staff.Terms{Answer: 5 * time.Minute, Passes: passes}, At: three}
		for now := three; ; now = now.Add(c.Terms.Answer) {
			steps, _ := c.Next(now)
			asked := 0
			for _, s := range steps {
				if s.Why == staff.Reassigned && !reassign {
					continue
				}
				asked++
				a := staff.Ask{Person: s.Person, By: s.By, Pass: s.Pass, At: now}
				if chance.Float64() < 0.8 {
					a.Answer, a.AnsweredAt = staff.Coming, now.Add(time.Minute)
				}
				c.Asks = append(c.Asks, a)
			}
			if asked == 0 {
				break
			}
		}
		on += len(c.Roster(three.Add(24 * time.Hour)).On)
	}
	return 100 * float64(on) / float64(plays*len(tree))
}
