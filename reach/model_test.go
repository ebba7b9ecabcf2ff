package reach

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

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
		w.after(w.minutes(12*60), func(w *world) { w.ask() })
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

func (w *world) ask() {
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
		for last = w.ask1(); last.Do == Send; last = w.ask1() {
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

// ask1 asks Next and holds every answer to what an answer must be.
func (w *world) ask1() Act {
	if w.steps++; w.steps > 2000 {
		w.fault("2,000 steps")
	}
	before := fmt.Sprintf("%+v", w.c)
	act := Next(w.ladder, w.c, w.now)
	if again := Next(w.ladder, w.c, w.now); again != act {
		w.fault("asked twice: %+v, then %+v", act, again)
	}
	if fmt.Sprintf("%+v", w.c) != before {
		w.fault("asking changed what is known")
	}
	if !slices.Contains(Whys[:], act.Reason) {
		w.fault("no named reason: %+v", act)
	}
	switch act.Do {
	case Send:
		w.maySend(act)
	case HandOver:
		w.mayCall(act)
		fallthrough
	case Wait:
		if !act.At.After(w.now) || act.End != "" {
			w.fault("at %v: %+v", w.now, act)
		}
	case Close:
		if !slices.Contains(Ends[:], act.End) {
			w.fault("%+v", act)
		}
	default:
		w.fault("does %q", act.Do)
	}
	w.mayClaim(act)
	return act
}

// maySend holds a message to the promises: to whom, when, how often.
func (w *world) maySend(act Act) {
	i := slices.IndexFunc(w.c.Ways, func(x Way) bool { return x.Contact == act.Contact && x.Channel == act.Channel })
	switch {
	case i < 0:
		w.fault("sends to nobody: %+v", act)
		return
	case w.c.Ways[i].Stop != "":
		w.fault("sends to a suppressed address: %+v", act)
	case !slices.Contains(w.c.Channels, act.Channel):
		w.fault("sends on a channel that is not there: %+v", act)
	case !w.c.Affords && (act.Channel == audience.SMS || act.Channel == audience.Voice):
		w.fault("spends what it has not: %+v", act)
	case !w.human.IsZero() || !w.heard.IsZero():
		w.fault("sends although somebody answered: %+v", act)
	}
	for _, k := range w.c.Calls {
		for _, x := range w.c.Ways {
			if k.Outcome == WrongNumber && x.Contact == k.Contact && (x == w.c.Ways[i] || x.Number != "" && x.Number == w.c.Ways[i].Number) {
				w.fault("texts a stranger: %+v", act)
			}
		}
	}
	w.notAtNight(act.Channel, act)
	if over := w.c.ResolvedAt; !over.IsZero() && !over.Before(w.c.start()) && !w.c.MustAct && !slices.ContainsFunc(w.c.Calls, func(k Call) bool { return k.Outcome == CallBack }) {
		w.fault("sends after the end: %+v", act)
	}
	key := fmt.Sprint(w.c.start(), act.Channel, act.Attempt)
	if w.sent[key] {
		w.fault("attempt %d on %s a second time", act.Attempt, act.Channel)
	}
	w.sent[key] = true
}

// notAtNight reads every wall clock of the customer itself.
func (w *world) notAtNight(channel string, act Act) {
	q := w.ladder.Quiet
	switch {
	case channel == audience.Email || channel == audience.Webhook,
		w.c.Basis == ForDataSafety && slices.Contains(q.Unless, settings.DataSafety),
		w.c.Basis == ForService && slices.Contains(q.Unless, settings.Service),
		w.c.AnyHour:
		return
	}
	for _, zone := range w.c.Zones {
		if hour := w.now.In(zone).Hour(); hour >= 21 || hour < 8 {
			w.fault("rings at %v: %+v", w.now.In(zone), act)
		}
	}
}

// mayCall holds a call to the same, with the leave a customer gave by asking or agreeing.
func (w *world) mayCall(act Act) {
	i := slices.IndexFunc(w.c.Ways, func(x Way) bool { return x.Contact == act.Contact })
	if i < 0 || w.c.Ways[i].Stop != "" && (w.c.Ways[i].Stop != audience.HardBounce || w.c.Ways[i].Channel != audience.SMS) {
		w.fault("calls whom it must not: %+v", act)
		return
	}
	leave := w.c.Asked.At
	var since int
	for n, k := range w.c.Calls {
		if k.At.Before(w.c.start()) || k.At.Before(w.c.Asked.At) {
			continue
		}
		if k.Outcome == NoAnswer || k.Outcome == LeftMessage {
			since++
			if n == len(w.c.Calls)-1 && w.now.Sub(k.At) < w.ladder.Calls.Cooldown {
				w.fault("calls again %v after a call: %+v", w.now.Sub(k.At), act)
			}
		}
		leave = time.Time{}
		if k.Outcome == CallBack {
			leave = k.Back
			if n == len(w.c.Calls)-1 && w.now.Before(k.Back) {
				w.fault("calls before the time agreed: %+v", act)
			}
		}
		if k.Outcome == RefusedCall {
			w.fault("calls who refused: %+v", act)
		}
	}
	if leave.IsZero() {
		leave = w.c.Asked.At
	}
	if since >= w.ladder.Calls.Most {
		w.fault("calls once more than it may: %+v", act)
	}
	if leave.IsZero() || w.now.Sub(leave) > 24*time.Hour {
		w.notAtNight(settings.Person, act)
	}
}

// mayClaim holds the end to what happened.
func (w *world) mayClaim(act Act) {
	reached := !w.human.IsZero() || !w.heard.IsZero()
	owed := act.Do != Close && act.Reason == WhyAsked || act.Channel == settings.Person
	switch {
	case reached && act.Do != Close && !(owed && !w.c.Asked.At.IsZero()):
		w.fault("goes on although somebody answered: %+v", act)
	case act.End.Reached() != (reached && act.Do == Close):
		w.fault("somebody answered: %v; claims %+v", reached, act)
	case act.End == EndToldUnconfirmed && !w.c.told():
		w.fault("claims to have told: %+v", act)
	case act.End == EndOvertaken && w.c.ResolvedAt.IsZero():
		w.fault("overtaken by nothing: %+v", act)
	case act.End == EndUnreachable && len(w.c.Ways) == 0 && act.Reason != WhyNoContact:
		w.fault("had nothing to try: %+v", act)
	}
}

// stays: an end is an end, whenever it is looked at again.
func (w *world) stays(end Act) {
	for _, later := range []time.Duration{time.Second, time.Hour, 24 * time.Hour, 30 * 24 * time.Hour} {
		if act := Next(w.ladder, w.c, w.now.Add(later)); act != end {
			w.fault("%v after %+v comes %+v", later, end, act)
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

// T10: 10,000 customers, each with mailboxes that die, agents that forget and nodes that fall over; nobody ends without an end and a
// reason, nobody is told twice by one attempt, nobody is disturbed at night or after they answered.
func TestT10NobodyIsForgottenAndNobodyIsPestered(t *testing.T) {
	t.Parallel()
	var rows []Standing
	var want tally
	ends := map[End]int{}
	rapid.Check(t, func(t *rapid.T) {
		for range 100 {
			w := newWorld(rapid.Uint64().Draw(t, "seed"), t.Fatalf)
			end := w.run()
			rows = append(rows, w.c.Standing(end))
			want.count(w, end)
			ends[end.End]++
		}
	})
	for _, end := range Ends { // a world in which something never happens proves nothing about it
		if ends[end] < 50 {
			t.Errorf("only %d customers ended as %s: %v", ends[end], end, ends)
		}
	}
	got := Cover(slices.Values(rows))
	if faults := got.Faults(); len(faults) > 0 {
		t.Error(faults)
	}
	if all := (tally{got.All.Affected, got.All.Told, got.All.Reached, got.All.Closed, got.All.Unconfirmed}); all != want {
		t.Errorf("covered %+v, recomputed %+v", all, want)
	}
	if len(rows) < 10_000 {
		t.Errorf("only %d customers", len(rows))
	}
}

// A tally is T9's recomputation: from what happened in the world, not from the chase.
type tally struct{ affected, told, reached, closed, unconfirmed int64 }

func (c *tally) count(w *world, end Act) {
	c.affected++
	answered := w.human.After(time.Time{}) || w.heard.After(time.Time{})
	taken := false
	for _, t := range w.c.Tries {
		stillSo := t.State == Accepted || t.State == Delivered || t.State == Complained
		taken = taken || stillSo && !t.PlannedAt.Before(w.c.Since) && !t.PlannedAt.Before(w.c.Reopens)
	}
	for _, k := range w.c.Calls {
		taken = taken || k.Outcome == LeftMessage && !k.At.Before(w.c.Reopens)
	}
	if taken || answered {
		c.told++
	}
	if answered {
		c.reached++
	}
	if end.End == "told_unconfirmed" {
		c.unconfirmed++
	} else {
		c.closed++
	}
}
