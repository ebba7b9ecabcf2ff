package staff

import (
	"slices"
	"time"

	"candor/id"
)

// A CallIn is one time everybody is called in. Each person is asked by every channel we have of them, and the one above them in the tree is
// asked to ring them; answering is a link, a reply, or telling the one who rings.
//
// A tree of people leaks: if each call succeeds four times in five and nobody calls the people below someone who was not reached, a tree
// of five by five by five reaches 54% of its people. So a branch whose head does not answer is given to somebody else at once: then four
// in five are reached by the first pass and 96% by the second (domain study §6, facts/reach.json).
type CallIn struct {
	Tree  Tree
	Terms Terms
	At    time.Time
	Asks  []Ask
}

// Terms of a call-in.
type Terms struct {
	Answer time.Duration // before a branch is given to somebody else and the person is asked again
	Passes int           // how often each person is asked
}

// UsualTerms are five minutes and two passes: the second brings four in five to 96 in a hundred, a third would bring three more and cost
// everybody who sleeps.
func UsualTerms() Terms { return Terms{Answer: 5 * time.Minute, Passes: 2} }

// An Ask is one person asked once.
type Ask struct {
	Person     id.Person
	By         id.Person // who rings them, besides Candor's messages; empty for nobody
	Pass       int       // 1 for the first
	At         time.Time
	Failed     bool // no channel took the message: nobody need wait for an answer
	Answer     Answer
	AnsweredAt time.Time
}

// An Answer to a call-in.
type Answer string

const (
	Coming Answer = "coming"
	Unable Answer = "unable" // answered, and cannot work: somebody else takes the branch
)

// WhyAsked is the named reason of a Step.
type WhyAsked string

const (
	AskedAtTheTop WhyAsked = "top_of_tree"
	AskedInTurn   WhyAsked = "in_turn"     // the one above is on
	Reassigned    WhyAsked = "reassigned"  // the one above does not answer or cannot work
	AskedAgain    WhyAsked = "asked_again" // no answer the first time
)

// Key is what the catalogue says for it.
func (w WhyAsked) Key() string { return "callin.why." + string(w) }

// A Step is one person to ask now.
type Step struct {
	Person id.Person
	By     id.Person
	Pass   int
	Why    WhyAsked
}

// Next is whom to ask now, and when to look again; zero once nothing more will be asked. Steps become Asks.
func (c CallIn) Next(now time.Time) (steps []Step, look time.Time) {
	asks := c.latest()
	for _, p := range c.Tree {
		last, asked := asks[p.Person]
		switch {
		case asked && last.Answer != "":
		case !asked:
			if s, due := c.turn(p, asks, now); due {
				steps = append(steps, s)
			}
		case c.silent(last, now) && last.Pass < c.Terms.Passes:
			by, _ := c.ringer(p, asks)
			steps = append(steps, Step{p.Person, by, last.Pass + 1, AskedAgain})
		case !c.silent(last, now):
			if at := last.At.Add(c.Terms.Answer); look.IsZero() || at.Before(look) {
				look = at
			}
		}
	}
	if len(steps) > 0 {
		look = now.Add(c.Terms.Answer)
	}
	return steps, look
}

// turn decides whether a person who was not asked yet is due: when the one above is on, or will not be.
func (c CallIn) turn(p Place, asks map[id.Person]Ask, now time.Time) (Step, bool) {
	if p.Under == "" {
		return Step{p.Person, "", 1, AskedAtTheTop}, true
	}
	head, asked := asks[p.Under]
	switch {
	case !asked || head.Answer == "" && !c.silent(head, now) && head.Pass == 1:
		return Step{}, false
	case head.Answer == Coming:
		return Step{p.Person, p.Under, 1, AskedInTurn}, true
	}
	by, _ := c.ringer(p, asks)
	return Step{p.Person, by, 1, Reassigned}, true
}

// ringer is who rings somebody: the one above if they are on, else their deputy, else the nearest above who is on, else nobody.
func (c CallIn) ringer(p Place, asks map[id.Person]Ask) (by id.Person, found bool) {
	candidates := c.Tree.above(p.Person)
	if head, ok := c.Tree.place(p.Under); ok && head.Deputy != "" && head.Deputy != p.Person {
		candidates = slices.Insert(candidates, 1, head.Deputy)
	}
	for _, who := range candidates {
		if asks[who].Answer == Coming {
			return who, true
		}
	}
	return "", false
}

// silent reports whether an ask had its time without an answer.
func (c CallIn) silent(a Ask, now time.Time) bool {
	return a.Answer == "" && (a.Failed || !now.Before(a.At.Add(c.Terms.Answer)))
}

// latest is the last ask of each person; an answer to an earlier one counts for all.
func (c CallIn) latest() map[id.Person]Ask {
	all := make(map[id.Person]Ask, len(c.Asks))
	for _, a := range c.Asks {
		before, asked := all[a.Person]
		if !asked || before.Answer == "" && (a.Pass > before.Pass || a.Answer != "") {
			all[a.Person] = a
		}
	}
	return all
}

// A Roster says who is on.
type Roster struct {
	On      []id.Person // coming
	Unable  []id.Person
	Waiting []id.Person // asked, and there is time to answer
	Silent  []id.Person // asked as often as we ask
	Unasked []id.Person
	// Branches that somebody else has: whose, and who rings the people below them now. Empty for nobody.
	Branches map[id.Person]id.Person
}

// Roster at an instant, each list in the order of the tree.
func (c CallIn) Roster(now time.Time) Roster {
	r := Roster{Branches: map[id.Person]id.Person{}}
	asks := c.latest()
	for _, p := range c.Tree {
		last, asked := asks[p.Person]
		switch {
		case !asked:
			r.Unasked = append(r.Unasked, p.Person)
		case last.Answer == Coming:
			r.On = append(r.On, p.Person)
		case last.Answer == Unable:
			r.Unable = append(r.Unable, p.Person)
		case c.silent(last, now) && last.Pass >= c.Terms.Passes:
			r.Silent = append(r.Silent, p.Person)
		default:
			r.Waiting = append(r.Waiting, p.Person)
		}
		if p.Under != "" && asked && last.By != p.Under {
			r.Branches[p.Under] = last.By
		}
	}
	return r
}
