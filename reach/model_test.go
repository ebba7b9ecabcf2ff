package reach

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"candor/audience"
	"candor/id"
	"candor/incident"
	"candor/settings"
)

// A world plays one customer, their mailboxes, phones, the people on the call list and a node that is sometimes down, against Next.
type world struct {
	*rand.Rand
	ladder settings.Ladder
	c      Chase
	now    time.Time
	events []event
	sent   map[string]bool
	fault  func(format string, args ...any)
	steps  int

	// what happened, in the world's own words, for the recomputation
	told, human, heard time.Time // last that anything was taken, that a human of theirs said so, that one of ours heard them
	registered         bool
	calling            bool
}

type event struct {
	at time.Time
	do func(*world)
}

func (w *world) after(d time.Duration, do func(*world)) {
	w.events = append(w.events, event{w.now.Add(d), do})
}

func (w *world) chance(percent int) bool { return w.IntN(100) < percent }

func (w *world) minutes(most int) time.Duration {
	return time.Duration(w.IntN(most*60)) * time.Second
}

var modelZones = []string{"UTC", "Europe/Berlin", "America/New_York", "America/Havana", "Asia/Jakarta", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Taipei"}

func newWorld(seed uint64, fault func(string, ...any)) *world {
	w := &world{Rand: rand.New(rand.NewPCG(seed, 1)), sent: map[string]bool{}, fault: fault}
	kind := incident.Kinds[w.IntN(len(incident.Kinds))]
	w.ladder = settings.DefaultLadder(kind, incident.Impacts[w.IntN(len(incident.Impacts))])
	// Half begin around a change of the clocks in Berlin, New York or Lord Howe.
	w.now = time.Date(2012, 9, 10, 0, 0, 0, 0, time.UTC).Add(w.minutes(7 * 24 * 60))
	if w.chance(50) {
		changes := []time.Time{time.Date(2012, 10, 28, 1, 0, 0, 0, time.UTC), time.Date(2012, 3, 11, 7, 0, 0, 0, time.UTC), time.Date(2012, 10, 6, 15, 30, 0, 0, time.UTC)}
		w.now = changes[w.IntN(3)].Add(w.minutes(24*60) - 20*time.Hour)
	}
	w.c = Chase{
		Since: w.now, MustAct: w.chance(20), AnyHour: w.chance(10), Affords: w.chance(85),
		Basis: []Basis{ForService, ForDataSafety, Optional}[w.IntN(3)],
	}
	for range 1 + w.IntN(2) {
		loc, err := time.LoadLocation(modelZones[w.IntN(len(modelZones))])
		if err != nil {
			panic(err)
		}
		w.c.Zones = append(w.c.Zones, loc)
	}
	for _, channel := range []string{audience.Email, audience.Push, audience.Webhook, audience.SMS, audience.Voice} {
		if w.chance(85) {
			w.c.Channels = append(w.c.Channels, channel)
		}
		for range w.IntN(3) {
			n := len(w.c.Ways)
			way := Way{Contact: id.Contact(fmt.Sprint("con ", n)), Channel: channel}
			if channel == audience.SMS || channel == audience.Voice {
				way.Number = fmt.Sprint("+", w.IntN(3))
			}
			if w.chance(10) {
				way.Stop = []audience.SuppressionReason{audience.HardBounce, audience.OptedOut, audience.Complaint, NoConsent}[w.IntN(4)]
			}
			w.c.Ways = append(w.c.Ways, way)
		}
	}
	w.Shuffle(len(w.c.Ways), func(i, j int) { w.c.Ways[i], w.c.Ways[j] = w.c.Ways[j], w.c.Ways[i] })
	w.fate()
	return w
}

// fate is what happens whatever we do.
func (w *world) fate() {
	if w.chance(60) {
		w.after(w.minutes(36*60), func(w *world) { w.c.ResolvedAt = w.now })
	}
	for range w.IntN(3) {
		if w.chance(40) {
			w.after(w.minutes(30*60), func(w *world) {
				w.c.Reopens = w.now
				w.told, w.human, w.heard, w.registered = time.Time{}, time.Time{}, time.Time{}, false
			})
		}
	}
	if w.chance(20) {
		w.after(w.minutes(12*60), func(w *world) { w.request() })
	}
	if w.chance(30) { // a scanner opens the link
		w.after(w.minutes(60), func(w *world) { w.c.Acks = append(w.c.Acks, Ack{At: w.now, By: ByMachine}) })
	}
	if w.chance(20) { // STOP, in the middle of it
		w.after(w.minutes(120), func(w *world) {
			if len(w.c.Ways) > 0 {
				w.c.Ways = slices.Clone(w.c.Ways)
				w.c.Ways[w.IntN(len(w.c.Ways))].Stop = audience.OptedOut
			}
		})
	}
}

func (w *world) request() {
	w.c.Asked = Asked{At: w.now}
	if w.chance(50) {
		w.c.Acks = append(w.c.Acks, Ack{At: w.now, By: ByRegister})
		w.registered, w.human = true, w.now
	}
}

// deliver is what becomes of a message.
func (w *world) deliver(n int) {
	reach := func(s State) func(*world) {
		return func(w *world) {
			w.c.Tries = slices.Clone(w.c.Tries)
			t := &w.c.Tries[n]
			if t.State.Final() && t.State != Accepted && t.State != Delivered {
				return
			}
			t.State, t.UpdatedAt = s, w.now
			if t.told() && !t.PlannedAt.Before(w.c.start()) {
				w.told = w.now
			}
		}
	}
	switch p := w.IntN(100); {
	case p < 15:
		w.after(w.minutes(90), reach(Bounced))
	case p < 20:
		w.after(w.minutes(30), reach([]State{Failed, Suppressed, Poisoned}[w.IntN(3)]))
	case p < 23:
		w.after(w.minutes(5), reach(Superseded))
	case p < 28:
		w.after(w.minutes(5), reach(RetryAt)) // and never heard of again
	case p < 35:
		w.after(w.minutes(5), reach(Accepted))
		w.after(w.minutes(90), reach(Bounced)) // the late ones
	default:
		w.after(w.minutes(5), reach([]State{Accepted, Delivered, Complained}[min(w.IntN(20), 2)%3]))
		if w.chance(25) {
			w.after(5*time.Minute+w.minutes(120), func(w *world) {
				w.c.Acks = append(w.c.Acks, Ack{At: w.now, By: []AckBy{ByLink, ByReply}[w.IntN(2)]})
				w.human = w.now
			})
		}
	}
}

// phone is an agent who calls some time after they were asked, if the customer is still theirs to call then.
func (w *world) phone() {
	if w.calling || w.chance(10) { // nobody works the list
		return
	}
	w.calling = true
	w.after(w.minutes(180), func(w *world) {
		w.calling = false
		act := Next(w.ladder, w.c, w.now)
		if act.Do != HandOver {
			return
		}
		w.mayCall(act)
		call := Call{At: w.now, Contact: act.Contact, Outcome: CallOutcomes[w.IntN(len(CallOutcomes))]}
		switch call.Outcome {
		case CallBack:
			call.Back = w.now.Add(w.minutes(2 * 24 * 60))
		case SpokenWith:
			w.heard, w.told = w.now, w.now
		case LeftMessage:
			w.told = w.now
		}
		w.c.Calls = append(slices.Clone(w.c.Calls), call)
	})
}

// run plays until Next says Close and nothing more happens.
func (w *world) run() (last Act) {
	for {
		for last = w.ask(); last.Do == Send; last = w.ask() {
			w.send(last)
		}
		if last.Do == HandOver {
			w.phone()
		}
		slices.SortStableFunc(w.events, func(a, b event) int { return a.at.Compare(b.at) })
		switch {
		case last.Do == Close && len(w.events) == 0:
			w.stays(last)
			return last
		case last.Do == Close || len(w.events) > 0 && w.events[0].at.Before(last.At):
			e := w.events[0]
			w.events = w.events[1:]
			w.now = latest(w.now, e.at)
			e.do(w)
			for len(w.events) > 0 && !w.events[0].at.After(w.now) { // what came while the node was away
				e, w.events = w.events[0], w.events[1:]
				w.now = w.now.Add(time.Second)
				e.do(w)
			}
		default:
			w.now = last.At
		}
		if w.chance(5) {
			w.now = w.now.Add(w.minutes(90)) // killed, and started late
		}
		if w.now.Sub(w.c.Since) > 60*24*time.Hour {
			w.fault("after two months it has not ended: %+v", last)
			return last
		}
	}
}

func (w *world) send(act Act) {
	w.c.Tries = append(slices.Clone(w.c.Tries), Try{Channel: act.Channel, Contact: act.Contact, Attempt: act.Attempt, PlannedAt: w.now, UpdatedAt: w.now, State: Planned})
	w.deliver(len(w.c.Tries) - 1)
	if w.chance(10) { // a later word travels the same way
		w.c.Tries = append(w.c.Tries, Try{Channel: act.Channel, Contact: act.Contact, PlannedAt: w.now, UpdatedAt: w.now, State: Planned})
		w.deliver(len(w.c.Tries) - 1)
	}
}
