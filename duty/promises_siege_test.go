package duty_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"candor/duty"
	"candor/id"
	"candor/promise"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// T7 in full: promises of every kind, whose reminders and escalations two nodes carry out, each by its own clock, through kills in the middle
// of a transaction, nights without power, an hour forth and back, and the end of summer time. Every step fires once, never early, at the
// first look after its time that nothing broke off; and each calls exactly whom the policy says.
func TestEveryStepOfEveryPromiseIsTakenOnceWhateverHappensToTheClockAndTheNodes(t *testing.T) {
	storetest.Crowd(t)
	promises, rounds := 150, 2
	if os.Getenv("CANDOR_SOAK") != "" {
		promises, rounds = 10_000, 1
	}
	for seed := range rounds {
		t.Run(fmt.Sprint("seed ", seed+1), func(t *testing.T) {
			storetest.EachURL(t, func(t *testing.T, url string) { newSiege(t, url, uint64(seed)+1, promises).play() })
		})
	}
}

// A siege is one round: the time is the test's, so that no hour of it is waited for.
type siege struct {
	house
	t      *testing.T
	odd    *rand.Rand
	nodes  []*duty.Duty
	kill   [2]context.CancelFunc // of the look that goes on; nil while nobody is to die
	about  []id.Incident
	team   promise.Team
	made   map[id.Promise]promise.Promise
	clock  time.Time
	offset time.Duration // by how much the clocks are wrong
	looks  []look
}

// A look is both nodes looking at their clocks at once.
type look struct {
	at     [2]time.Time
	broken bool // one of them died: what it held fires at the next look
}

func (l look) least() time.Time {
	if l.at[1].Before(l.at[0]) {
		return l.at[1]
	}
	return l.at[0]
}

func newSiege(t *testing.T, url string, seed uint64, promises int) *siege {
	s := &siege{house: build(t, url), t: t, odd: rand.New(rand.NewPCG(7, seed)), made: map[id.Promise]promise.Promise{}}
	cem := s.hire("Cem", s.ann.ID)
	s.hire("Dee", cem.ID)
	for range 1 + promises/perIncident {
		s.about = append(s.about, s.bare())
	}
	for n := range 2 {
		config := s.node(fmt.Sprint("n", n)).Config
		config.Failpoint = func(point string) {
			if point == "remind" && s.kill[n] != nil {
				s.kill[n]()
			}
		}
		s.nodes = append(s.nodes, duty.New(config))
	}
	s.do(s.db.Read, func(ctx context.Context, tx *store.Tx) error {
		people, err := tx.People.All(ctx)
		s.team.Tree, s.team.Communicators = staff.TreeOf(people).InTurn(), nil
		for _, p := range people {
			if p.Has(staff.Owner, staff.Communicator) {
				s.team.Communicators = append(s.team.Communicators, p.ID)
			}
		}
		return err
	})
	s.clock = time.Date(2026, 10, 24, 20, 0, 0, 0, time.UTC) // the night in which summer time ends in Europe
	s.promise(promises)
	return s
}

// perIncident keeps what is said about one incident within what is read of it at once.
const perIncident = 50

// promise makes promises of all kinds; a few are settled already and must stay silent.
func (s *siege) promise(n int) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		s.t.Fatal(err)
	}
	kinds := promise.Kinds()
	s.do(s.db.Batch, func(ctx context.Context, tx *store.Tx) error {
		clear(s.made)
		for i := range n {
			made := s.clock.Add(-time.Duration(s.odd.IntN(3600)) * time.Second)
			p := promise.Promise{
				ID: id.New[id.Promise](made), Kind: kinds[s.odd.IntN(len(kinds))], Incident: s.about[i/perIncident], Update: "upd_x", Promiser: s.ben.ID, MadeAt: made,
				DueAt: s.clock.Add(time.Duration(1+s.odd.IntN(36*3600)) * time.Second),
			}
			if s.odd.IntN(4) == 0 {
				p.DueAt, _ = promise.Period{Amount: 1, Unit: promise.Days}.After(made, promise.Place{Zone: berlin})
			}
			if s.odd.IntN(10) == 0 {
				p.KeptAt = s.clock
			}
			if err := tx.Promises.Add(ctx, p); err != nil {
				return err
			}
			s.made[p.ID] = p
		}
		return nil
	})
}

// play goes from one step to the next until nothing waits any more.
func (s *siege) play() {
	for quiet := 0; quiet < 3; {
		next := s.next()
		if next.IsZero() {
			quiet++
			next = s.clock
		}
		s.clock = later(s.clock.Add(time.Millisecond), next.Add(-s.offset)).Add(time.Duration(s.odd.Int64N(int64(5 * time.Second))))
		switch s.odd.IntN(40) {
		case 0:
			s.clock = s.clock.Add(time.Duration(s.odd.IntN(7200)) * time.Second) // a night without power
		case 1:
			s.offset = time.Duration(s.odd.IntN(3)-1) * time.Hour
		}
		s.look()
	}
	s.check()
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (s *siege) next() (at time.Time) {
	s.do(s.db.Read, func(ctx context.Context, tx *store.Tx) (err error) {
		at, err = tx.Timers.Next(ctx)
		return err
	})
	return at
}

// look lets both nodes look at once. One time in ten a node dies between its last statement and its commit.
func (s *siege) look() {
	var l look
	var wg sync.WaitGroup
	for n, node := range s.nodes {
		at := s.clock.Add(s.offset + time.Duration(s.odd.Int64N(int64(time.Second)))).Truncate(time.Microsecond)
		l.at[n] = at
		ctx, cancel := context.WithCancel(s.t.Context())
		defer cancel()
		s.kill[n] = nil
		if s.odd.IntN(10) == 0 {
			s.kill[n], l.broken = cancel, true
		}
		wg.Go(func() {
			for {
				fired, err := node.RemindAt(ctx, at)
				if err != nil && ctx.Err() == nil {
					s.t.Error(err)
				}
				if err != nil || fired < duty.TimersAtOnce {
					return
				}
			}
		})
	}
	wg.Wait()
	s.looks = append(s.looks, l)
}

// check replays what the database holds against the policies.
func (s *siege) check() {
	s.t.Helper()
	fired, told := s.fired(), s.told()
	steps := 0
	for x, p := range s.made {
		for _, step := range promise.PolicyOf(p.Kind).Schedule(p) {
			for set, more := -1, true; more; {
				steps++
				at, ok := fired[timerKey{x, step.Step}]
				if !ok {
					s.t.Fatalf("%s of a %s was never taken", step.Step, p.Kind)
				}
				n := s.lookOf(at)
				if at.Before(step.At) {
					s.t.Errorf("%s of a %s was taken %v early", step.Step, p.Kind, step.At.Sub(at))
				}
				for _, missed := range s.looks[set+1 : n] {
					if !missed.broken && !missed.least().Before(step.At) {
						s.t.Errorf("%s of a %s was due at %s and not taken at %s but at %s", step.Step, p.Kind, step.At, missed.least(), at)
					}
				}
				s.checkCalls(p, step.Step, at, told)
				set = n
				next, follows := promise.PolicyOf(p.Kind).Following(p, step.Step, at, s.team)
				step, more = next, follows && p.Open()
			}
		}
	}
	for key, n := range told {
		if n != 0 {
			s.t.Errorf("%s was told %d times too often about %s at %s", key.person, n, key.promise, key.at)
		}
	}
	if steps < 3*len(s.made) || len(s.looks) < 100 {
		s.t.Errorf("%d steps in %d looks: this proves little", steps, len(s.looks))
	}
}

// checkCalls takes the calls of one step off what was told.
func (s *siege) checkCalls(p promise.Promise, step promise.Step, at time.Time, told map[callKey]int) {
	summons, call := promise.Escalate(p, step, s.team, at)
	if !call {
		return
	}
	for _, person := range summons.People {
		key := callKey{p.ID, person, at}
		if told[key]--; told[key] < 0 {
			s.t.Errorf("%s of a %s did not call %s at %s", step, p.Kind, person, at)
		}
	}
}

func (s *siege) lookOf(at time.Time) int {
	n := slices.IndexFunc(s.looks, func(l look) bool { return l.at[0].Equal(at) || l.at[1].Equal(at) })
	if n < 0 {
		s.t.Fatalf("something fired at %s, when nobody looked", at)
	}
	return n
}

type timerKey struct {
	promise id.Promise
	step    promise.Step
}

type callKey struct {
	promise id.Promise
	person  id.Person
	at      time.Time
}

func (s *siege) fired() map[timerKey]time.Time {
	all := map[timerKey]time.Time{}
	s.do(s.db.Read, func(ctx context.Context, tx *store.Tx) error {
		clear(all)
		for x := range s.made {
			timers, err := tx.Timers.Fired(ctx, string(x))
			if err != nil {
				return err
			}
			for _, t := range timers {
				all[timerKey{x, promise.Step(t.Step)}] = t.FiredAt.UTC()
			}
		}
		return nil
	})
	return all
}

func (s *siege) told() map[callKey]int {
	all := map[callKey]int{}
	s.do(s.db.Read, func(ctx context.Context, tx *store.Tx) error {
		clear(all)
		for _, about := range s.about {
			list, err := tx.Announcements.OfIncident(ctx, about)
			if err != nil {
				return err
			}
			for _, a := range list {
				all[callKey{a.Promise, a.Target.Person, a.AsOf.UTC()}]++
			}
		}
		return nil
	})
	return all
}
