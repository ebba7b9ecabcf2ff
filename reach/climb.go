package reach

import (
	"cmp"
	"slices"
	"time"

	"candor/audience"
	"candor/id"
	"candor/settings"
)

// next goes up the ladder, wave by wave: rungs that start together. A wave begins when the one before has had its time, or at once when
// there is nothing left to hope from it.
func (k climb) next() Act {
	limit := k.limit()
	if !k.now.Before(limit) {
		k.now = limit.Add(-1) // what had come to an end before stays what it was
		if act := k.next(); act.Do == Close {
			return act
		}
		return k.outOfTime()
	}
	due, why, dropped := k.began, WhyFirstWord, false
	if k.began.Equal(k.Reopens) {
		why = WhyCorrected
	}
	later := waitUntil(limit, WhyAwaitAck)
	waves := k.waves()
	for i, w := range waves {
		if due.After(k.now) {
			return sooner(later, waitUntil(due, WhyAwaitAck))
		}
		s := k.look(w, why)
		dropped = dropped || s.dropped
		switch {
		case s.enough:
			return waitUntil(limit, WhyToldEnough)
		case s.send.Do == Send:
			return s.send
		}
		later = sooner(later, s.later)
		if s.person != "" {
			if act, owed := k.call(s.person); owed {
				act.At = sooner(later, act).At
				return act
			}
		}
		if i+1 < len(waves) {
			var begun bool
			if due, why, begun = s.over(due, why, waves[i+1][0].After); !begun {
				return later // held back by the night
			}
		}
	}
	if later.At.Before(limit) {
		return later
	}
	return k.exhausted(dropped)
}

func sooner(a, b Act) Act {
	if b.Do != "" && b.At.Before(a.At) {
		return b
	}
	return a
}

// waves are the ladder's rungs, those that start together in one.
func (k climb) waves() (all [][]settings.Rung) {
	for i, r := range k.ladder.Rungs {
		if i == 0 || r.After > 0 {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], r)
	}
	return all
}

// A sight is how one wave stands.
type sight struct {
	send, later Act
	person      Why       // a person is due, and why
	enough      bool      // a rung has the proof it asks for, and that is less than an answer
	dropped     bool      // a rung was left out for its cost
	started     time.Time // the first attempt
	held        bool      // something is to be sent, at night's end
	live        bool      // something was sent and may still be answered
	failedAt    time.Time // when the last contact of a rung failed
}

// look at a wave that is due, because of why.
func (k climb) look(wave []settings.Rung, why Why) (s sight) {
	for _, r := range wave {
		switch {
		case costs(r.Channel) && !k.Affords:
			s.dropped = s.dropped || k.possible(r.Channel)
		case r.Channel == settings.Person:
			s.person = cmp.Or(s.person, why)
			s.enough = s.enough || r.Proof != settings.ProofSpokenWith && k.heard(LeftMessage)
		case r.Channel == audience.Voice && !slices.Contains(k.Channels, r.Channel):
			s.person = WhyNoVoice
		case slices.Contains(k.Channels, r.Channel):
			k.rung(r, why, &s)
		}
	}
	return s
}

// rung looks at one channel.
func (k climb) rung(r settings.Rung, why Why, s *sight) {
	usable, live, failedAt := k.usable(r.Channel), k.live(r.Channel), k.failedAt(r.Channel)
	if len(live) > 0 {
		s.live = true
		s.started = earliest(s.started, live[0].PlannedAt)
	}
	if slices.ContainsFunc(live, func(t Try) bool { return t.proves(r.Proof) }) {
		s.enough = true
		return
	}
	if len(usable) == 0 || len(live) >= r.Attempts {
		if len(live) == 0 && failedAt.After(s.failedAt) {
			s.failedAt = failedAt
		}
		return
	}
	at := k.now
	switch {
	case len(live) > 0:
		at, why = live[len(live)-1].PlannedAt.Add(r.Interval), WhyAgain
	case !failedAt.IsZero():
		why = WhyNextContact
	}
	if k.rings(r.Channel) {
		if quiet := k.ladder.Quiet.Over(latest(at, k.now), k.zones()...); quiet.After(latest(at, k.now)) {
			at, why = quiet, WhyQuiet
		}
	}
	if at.After(k.now) {
		s.held = s.held || len(live) == 0
		if why == WhyAgain {
			why = WhyAwaitAck
		}
		if s.later.Do == "" || at.Before(s.later.At) {
			s.later = waitUntil(at, why)
		}
		return
	}
	if s.send.Do == "" {
		s.send = Act{Do: Send, Channel: r.Channel, Contact: freshest(usable, live), Attempt: k.attempts(r.Channel) + 1, At: k.now, Reason: why}
	}
}

// over says when the wave after this one begins, and why.
func (s sight) over(due time.Time, why Why, after time.Duration) (next time.Time, reason Why, known bool) {
	if !s.started.IsZero() {
		next, reason = s.started.Add(after), WhyNoAck
	}
	switch {
	case !s.failedAt.IsZero(): // at once on a bounce
		if at := latest(due, s.failedAt); next.IsZero() || at.Before(next) {
			next, reason = at, WhyBounced
		}
	case !s.live && !s.held: // nothing to send to
		next, reason = due, why
		if why == WhyFirstWord || why == WhyCorrected {
			reason = WhyNoWay
		}
	}
	return next, reason, !next.IsZero()
}

// usable are the contacts of a channel that nothing speaks against, in the customer's order.
func (k climb) usable(channel string) (all []Way) {
	for _, w := range k.Ways {
		dead := func(t Try) bool {
			return t.Contact == w.Contact && t.Channel == channel && (t.failed() || t.State == Complained)
		}
		if w.Channel == channel && w.Stop == "" && !k.wrong(w) && !slices.ContainsFunc(k.Tries, dead) {
			all = append(all, w)
		}
	}
	return all
}

// live are the ladder's attempts on a channel that were not in vain, in order.
func (k climb) live(channel string) (all []Try) {
	for _, t := range k.Tries {
		if t.Channel == channel && t.Attempt > 0 && !t.failed() && t.State != Superseded {
			all = append(all, t)
		}
	}
	slices.SortStableFunc(all, func(a, b Try) int { return a.PlannedAt.Compare(b.PlannedAt) })
	return all
}

func (k climb) failedAt(channel string) (last time.Time) {
	for _, t := range k.Tries {
		if t.Channel == channel && t.failed() {
			last = latest(last, t.UpdatedAt)
		}
	}
	return last
}

func (k climb) attempts(channel string) (most int) {
	for _, t := range k.Tries {
		if t.Channel == channel {
			most = max(most, t.Attempt)
		}
	}
	return most
}

// freshest is the contact tried least, so that a second attempt goes to the second contact; among equals the customer's order decides.
func freshest(usable []Way, live []Try) id.Contact {
	tried := map[id.Contact]int{}
	for _, t := range live {
		tried[t.Contact]++
	}
	return slices.MinFunc(usable, func(a, b Way) int { return cmp.Compare(tried[a.Contact], tried[b.Contact]) }).Contact
}

// possible reports whether a rung left out for its cost would have had anybody to go to.
func (k climb) possible(channel string) bool {
	if channel == settings.Person || channel == audience.Voice && !slices.Contains(k.Channels, channel) {
		_, found := k.number()
		return found
	}
	return slices.Contains(k.Channels, channel) && len(k.usable(channel)) > 0
}

// proves reports whether a try is all the proof a rung wants. An answer is looked for elsewhere.
func (t Try) proves(p settings.Proof) bool {
	return p == settings.ProofAccepted && t.told() || p == settings.ProofDelivered && t.State == Delivered
}

func (t Try) pending() bool { return !t.State.Final() }

// costs reports whether a channel takes money or somebody's time for each customer.
func costs(channel string) bool {
	return channel == audience.SMS || channel == audience.Voice || channel == settings.Person
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}
