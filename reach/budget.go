package reach

import (
	"math"
	"slices"
	"time"

	"candor/audience"
	"candor/money"
	"candor/settings"
)

// A Climber is a customer for whom the ladder may have to go beyond what costs nothing.
type Climber struct {
	Caller
	Text      money.Amount // what one text to them costs: parts × price of their country; zero Amount if they take none
	Voice     money.Amount // one call by a machine
	Telephone bool         // somebody of ours could call
}

// A Cost is what reaching people takes.
type Cost struct {
	Money map[string]int64 // by currency, in its smallest unit
	Work  time.Duration    // of agents, notes included
}

// An Estimate is what a climb would cost, shown before anything is posted.
type Estimate struct {
	Customers int64
	Most      Cost // nobody answers: the bound that a budget is held against
	Expected  Cost // each attempt is answered as often as Answering says
}

// Answering is how likely one attempt is answered, where the company has no record of its own: 0.3 for a machine's, 0.5 for a person's.
// They are the lower two rows of the table in reach.json, where 0.5 makes three calls reach 87.5%.
type Answering struct{ Machine, Person float64 }

// usualAnswering is the assumption until a company has figures of its own.
var usualAnswering = Answering{Machine: 0.3, Person: 0.5}

// Price estimates a climb up a ladder. voice says whether a machine can call; else the voice rung is a person's.
func Price(l settings.Ladder, climbers []Climber, voice bool, by Answering) Estimate {
	if by == (Answering{}) {
		by = usualAnswering
	}
	e := Estimate{Customers: int64(len(climbers)), Most: Cost{Money: map[string]int64{}}, Expected: Cost{Money: map[string]int64{}}}
	expected := map[string]float64{}
	var hours float64
	for _, c := range climbers {
		most, likely := c.cost(l, voice, by)
		for currency, minor := range most.Money {
			e.Most.Money[currency] += minor
		}
		e.Most.Work += most.Work
		for currency, minor := range likely.money {
			expected[currency] += minor
		}
		hours += likely.hours
	}
	for currency, minor := range expected {
		e.Expected.Money[currency] = int64(math.Ceil(minor))
	}
	e.Expected.Work = time.Duration(hours * float64(time.Hour))
	return e
}

type likelihood struct {
	money map[string]float64
	hours float64
}

// cost walks the ladder as if nobody answered, and as if some did.
func (c Climber) cost(l settings.Ladder, voice bool, by Answering) (most Cost, likely likelihood) {
	most.Money, likely.money = map[string]int64{}, map[string]float64{}
	silent := 1.0 // how likely nobody answered so far
	spend := func(a money.Amount, attempts int) {
		for range attempts {
			if a.Currency != "" && a.Minor > 0 {
				most.Money[a.Currency] += a.Minor
				likely.money[a.Currency] += silent * float64(a.Minor)
			}
			silent *= 1 - by.Machine
		}
	}
	called := false
	call := func() {
		if called { // a voice rung without a machine, and the person's: one list, and as many calls in all
			return
		}
		called = true
		minutes := time.Duration(l.Calls.Minutes) * time.Minute
		most.Work += time.Duration(l.Calls.Most) * minutes
		for range l.Calls.Most {
			likely.hours += silent * minutes.Hours()
			silent *= 1 - by.Person
		}
	}
	for _, r := range l.Rungs {
		switch {
		case r.Channel == audience.SMS && c.Text.Currency != "":
			spend(c.Text, r.Attempts)
		case r.Channel == audience.Voice && voice && c.Voice.Currency != "":
			spend(c.Voice, r.Attempts)
		case (r.Channel == settings.Person || r.Channel == audience.Voice && !voice) && c.Telephone:
			call()
		case r.Channel == audience.Email:
			silent *= 1 - by.Machine
		}
	}
	return most, likely
}

// Elapsed is how long so many agents need for the work; unknown without any.
func (c Cost) Elapsed(agents int) (d time.Duration, known bool) {
	if agents <= 0 {
		return 0, c.Work == 0
	}
	return c.Work / time.Duration(agents), true
}

// AfterAttempts is which part of customers has answered after so many attempts, each answered with the chance p: 0.5 makes 87.5% of three.
func AfterAttempts(p float64, attempts int) float64 {
	return 1 - math.Pow(1-p, float64(attempts))
}

// A Budget is what a climb may take. A currency that is not named is not spent.
type Budget struct {
	Money map[string]int64
	Work  time.Duration
}

// Fits reports whether even the worst case stays within the budget.
func (b Budget) Fits(c Cost) bool {
	for currency, minor := range c.Money {
		if minor > b.Money[currency] {
			return false
		}
	}
	return c.Work <= b.Work
}

// Afford says who climbs. Everyone does while the worst case fits. Otherwise those go first who asked, must act, were not told at all, or
// lost most, until nothing is left; a cheap customer may still fit where a dear one did not. The rest end as told, not confirmed.
func Afford(l settings.Ladder, climbers []Climber, voice bool, b Budget) (climb []Climber, rest []Climber) {
	order := slices.Clone(climbers)
	slices.SortFunc(order, Worth)
	left := Rationed(l, voice, b)
	for _, c := range order {
		if left.Take(c) {
			climb = append(climb, c)
		} else {
			rest = append(rest, c)
		}
	}
	return climb, rest
}

// Worth orders climbers by who is to be reached first when not all can be: as Urgency does, but before the impact and the fee comes who
// has not been told at all.
func Worth(a, b Climber) int {
	for _, c := range []int{
		first(!a.AskedAt.IsZero(), !b.AskedAt.IsZero()),
		first(a.MustAct, b.MustAct),
		first(!a.Told, !b.Told),
	} {
		if c != 0 {
			return c
		}
	}
	return Urgency(a.Caller, b.Caller)
}
