package reach

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"candor/audience"
	"candor/settings"
)

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

// ask asks Next and holds every answer to what an answer must be.
func (w *world) ask() Act {
	if w.steps++; w.steps > 2000 {
		w.fault("2,000 steps")
	}
	look, before := w.steps%16 == 0, ""
	if look {
		before = fmt.Sprintf("%+v", w.c)
	}
	act := Next(w.ladder, w.c, w.now)
	if again := Next(w.ladder, w.c, w.now); again != act {
		w.fault("asked twice: %+v, then %+v", act, again)
	}
	if look && fmt.Sprintf("%+v", w.c) != before {
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
	w.notTooSoon(act)
	if over := w.c.ResolvedAt; !over.IsZero() && !over.Before(w.c.start()) && !w.c.MustAct && !slices.ContainsFunc(w.c.Calls, func(k Call) bool { return k.Outcome == CallBack }) {
		w.fault("sends after the end: %+v", act)
	}
	key := fmt.Sprint(w.c.start(), act.Channel, act.Attempt)
	if w.sent[key] {
		w.fault("attempt %d on %s a second time", act.Attempt, act.Channel)
	}
	w.sent[key] = true
}

// notTooSoon: who has still time to answer the rungs before is left alone.
func (w *world) notTooSoon(act Act) {
	if act.Reason != WhyNoAck {
		return
	}
	var after time.Duration
	var first time.Time
	for _, r := range w.ladder.Rungs {
		if r.After > 0 && !first.IsZero() && after == 0 {
			after = r.After // rungs without an address add nothing to it
		}
		if r.Channel == act.Channel {
			break
		}
		for _, t := range w.c.Tries {
			if t.Channel == r.Channel && t.Attempt > 0 && !t.PlannedAt.Before(w.c.start()) {
				first = earliest(first, t.PlannedAt)
			}
		}
	}
	if first.IsZero() || w.now.Sub(first) < after {
		w.fault("at %v, %v after the first try, %v are not over: %+v", w.now, w.now.Sub(first), after, act)
	}
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
