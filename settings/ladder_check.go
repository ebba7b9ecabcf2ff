package settings

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"candor/audience"
	"candor/incident"
	"candor/problem"
)

const (
	mostAttempts      = 5
	mostVoiceAttempts = 2 // a machine that rings three times is a nuisance
	mostCalls         = 20
	longestStep       = 7 * 24 * time.Hour
	longestChase      = 90 * 24 * time.Hour
)

// check says every fault of every edited ladder.
func (l Ladders) check() (wrong problem.List) {
	for _, name := range slices.Sorted(maps.Keys(l)) {
		kind, impact, _ := strings.Cut(name, "/")
		known := impact == "" || incident.Impact(impact).Valid() || incident.Impact(impact) == incident.ImpactMaintenance
		if !slices.Contains(incident.Kinds[:], incident.Kind(kind)) || !known || strings.HasSuffix(name, "/") {
			wrong.Add(problem.Field("ladders", "problem.ladder.name"))
			continue
		}
		wrong = append(wrong, l[name].check("ladders."+name+".")...)
	}
	return wrong
}

func (l Ladder) check(field string) (wrong problem.List) {
	if len(l.Rungs) == 0 {
		wrong.Add(problem.Field(field+"rungs", "problem.ladder.rungs"))
	}
	for i, r := range l.Rungs {
		at := field + "rungs." + strconv.Itoa(i+1) + "."
		if !known(r.Channel) || slices.ContainsFunc(l.Rungs[:i], func(before Rung) bool { return before.Channel == r.Channel }) {
			wrong.Add(problem.Field(at+"channel", "problem.ladder.channel"))
		}
		if r.Channel == Person && i < len(l.Rungs)-1 {
			wrong.Add(problem.Field(at+"channel", "problem.ladder.person"))
		}
		wrong = append(wrong, r.check(at, i == 0)...)
	}
	if l.Calls.Most < 1 || l.Calls.Most > mostCalls || l.Calls.Minutes < 1 || l.Calls.Minutes > 120 {
		wrong.Add(problem.Field(field+"calls", "problem.ladder.calls", "most", mostCalls))
	}
	if l.Calls.Cooldown < 5*time.Minute || l.Calls.Cooldown > longestStep {
		wrong.Add(problem.Field(field+"calls.cooldown", "problem.ladder.cooldown"))
	}
	if l.Longest < time.Hour || l.Longest > longestChase {
		wrong.Add(problem.Field(field+"longest", "problem.ladder.longest"))
	}
	return append(wrong, l.Quiet.check(field+"quiet.")...)
}

func (r Rung) check(at string, first bool) (wrong problem.List) {
	// The first word is never held back.
	if r.After < 0 || r.After > longestStep || first && r.After != 0 || r.After > 0 && r.After < time.Minute {
		wrong.Add(problem.Field(at+"after", "problem.ladder.after"))
	}
	most := mostAttempts
	if r.Channel == audience.Voice {
		most = mostVoiceAttempts
	}
	switch {
	case r.Channel == Person && r.Attempts != 0:
		wrong.Add(problem.Field(at+"attempts", "problem.ladder.person"))
	case r.Channel != Person && (r.Attempts < 1 || r.Attempts > most):
		wrong.Add(problem.Field(at+"attempts", "problem.ladder.attempts", "most", most))
	}
	if r.Channel != Person && r.Attempts > 1 && r.Interval < time.Minute || r.Interval < 0 || r.Interval > longestStep {
		wrong.Add(problem.Field(at+"interval", "problem.ladder.interval"))
	}
	if !slices.Contains(provable(r.Channel), r.Proof) {
		wrong.Add(problem.Field(at+"proof", "problem.ladder.proof"))
	}
	return wrong
}

// provable is what can ever be known on a channel: a rung that waits for more would climb although it worked.
func provable(channel string) []Proof {
	switch channel {
	case audience.SMS, audience.Voice:
		return []Proof{ProofAccepted, ProofDelivered, ProofAcknowledged}
	case Person:
		return []Proof{ProofDelivered, ProofSpokenWith} // a message left, or a voice heard
	}
	return []Proof{ProofAccepted, ProofAcknowledged} // no receipt says that a mail was delivered, let alone read
}

func known(channel string) bool {
	return slices.Contains([]string{audience.Email, audience.Push, audience.Webhook, audience.Chat, audience.SMS, audience.Voice, Person}, channel)
}

func (q Quiet) check(field string) (wrong problem.List) {
	if !q.From.valid() || !q.Until.valid() {
		wrong.Add(problem.Field(field+"from", "problem.ladder.quiet"))
	}
	for i, e := range q.Unless {
		if !slices.Contains(Exceptions[:], e) || slices.Contains(q.Unless[:i], e) {
			wrong.Add(problem.Field(field+"unless", "problem.ladder.exception"))
		}
	}
	return wrong
}
