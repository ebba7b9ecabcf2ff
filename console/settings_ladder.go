package console

import (
	"encoding"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"candor/audience"
	"candor/incident"
	"candor/problem"
	"candor/settings"
)

// laddered are the situations a ladder is shown for, the worst first; those that are not graded have one for every impact.
var laddered = [...]situation{
	{incident.Outage, incident.ImpactCritical},
	{incident.Outage, incident.ImpactMajor},
	{incident.Outage, incident.ImpactMinor},
	{incident.Outage, incident.ImpactNone},
	{incident.Data, incident.ImpactMajor},
	{incident.Security, incident.ImpactMajor},
	{incident.Billing, incident.ImpactMinor},
	{incident.Maintenance, incident.ImpactMaintenance},
}

// ladderName is under which name an edited ladder of the situation is kept.
func (s situation) ladderName() string {
	if s.Graded() {
		return settings.LadderName(s.Kind, s.Impact)
	}
	return settings.LadderName(s.Kind, "")
}

// A ladderPage is how far we go to reach each customer in one situation.
type ladderPage struct {
	shell
	situation
	Rungs                                          []rungRow
	Calls, Minutes, Cooldown, Longest, From, Until input
	Unless                                         []option
	UnlessFault                                    fault
	Edited                                         bool
	Rest                                           []string
}

// A rungRow is one rung as it stands in the form, and what ours is.
type rungRow struct {
	Number                    int
	Channel, Proof            choice
	After, Attempts, Interval input
	Ours, Why                 string
}

// rungChannels in the order they are offered.
var rungChannels = [...]string{audience.Email, audience.Push, audience.Webhook, audience.Chat, audience.SMS, audience.Voice, settings.Person}

// rungWhy says why our rung is where it is; docs/ladder.md has the sources.
var rungWhy = map[string]string{
	audience.Email:   "Costs nothing and wakes nobody.",
	audience.Push:    "Costs nothing; silent at night.",
	audience.Webhook: "Tells the customer's own machines.",
	audience.SMS:     "Before the second word is due, and before a call: a dropped call leaves the number in the text.",
	audience.Voice:   "A machine that rings three times is a nuisance. Until a voice channel is set up, people call.",
	settings.Person:  "Leaves most of the first hour for calling.",
}

var proofWords = map[settings.Proof]string{
	settings.ProofAccepted: "accepted", settings.ProofDelivered: "delivered", settings.ProofAcknowledged: "acknowledged", settings.ProofSpokenWith: "spoken with",
}

var exceptionWords = map[settings.Exception]string{
	settings.AnyHour: "Customers who chose to be woken", settings.DataSafety: "When data or money is in danger", settings.Service: "When the service they pay for is down",
}

func ladderOf(r *http.Request) (situation, error) {
	at := situation{incident.Kind(r.PathValue("kind")), incident.Impact(r.PathValue("impact"))}
	if !slices.Contains(laddered[:], at) {
		return at, problem.New(problem.NotFound, "problem.not_found")
	}
	return at, nil
}

func (f *Face) showLadder(w http.ResponseWriter, r *http.Request) error {
	return f.renderLadder(w, r, http.StatusOK, nil, nil)
}

// renderLadder shows a ladder: what holds, or what was typed.
func (f *Face) renderLadder(w http.ResponseWriter, r *http.Request, status int, typed *ladderForm, faults problem.List) error {
	at, err := ladderOf(r)
	if err != nil {
		return err
	}
	p := ladderPage{situation: at}
	s, err := f.frame(r, "Ladder", "", nil)
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	l := s.Company.Ladder(at.Kind, at.Impact)
	_, p.Edited = s.Company.Ladders[at.ladderName()]
	if typed == nil {
		typed = ladderAsTyped(l)
	}
	p.view(s, *typed)
	p.shell = s
	return f.render(w, status, "ladder", p)
}

func (p *ladderPage) view(s shell, f ladderForm) {
	at := "ladders." + p.ladderName() + "."
	ours := settings.DefaultLadder(p.Kind, p.Impact)
	shown := []string{at + "rungs"}
	field := func(name, legend, hint, value string) input {
		shown = append(shown, at+name)
		return input{Name: name, Type: "text", Legend: legend, Hint: hint, Value: value, Fault: s.Err(at + name)}
	}
	for n := range rungChannels {
		var r rungText
		if n < len(f.Rungs) {
			r = f.Rungs[n]
		}
		name, said := "rungs."+strconv.Itoa(n+1)+".", ", rung "+strconv.Itoa(n+1)
		row := rungRow{
			Number: n + 1, After: field(name+"after", "Minutes after the rung before"+said, "", r.After), Attempts: field(name+"attempts", "Attempts"+said, "", r.Attempts),
			Interval: field(name+"interval", "Minutes between attempts"+said, "", r.Interval),
			Channel:  choice{Name: name + "channel", Legend: "Way" + said, Fault: s.Err(at + name + "channel"), Options: []option{{Word: "–", Chosen: r.Channel == ""}}},
			Proof:    choice{Name: name + "proof", Legend: "What is enough" + said, Fault: s.Err(at + name + "proof")},
		}
		shown = append(shown, at+name+"channel", at+name+"proof")
		for _, c := range rungChannels {
			row.Channel.Options = append(row.Channel.Options, option{Value: c, Word: rungWord(c), Chosen: r.Channel == c})
		}
		for _, x := range settings.Proofs {
			row.Proof.Options = append(row.Proof.Options, option{Value: string(x), Word: proofWords[x], Chosen: r.Proof == string(x)})
		}
		row.Ours, row.Why = ourRung(ours, r.Channel), rungWhy[r.Channel]
		p.Rungs = append(p.Rungs, row)
	}
	p.Calls = field("calls", "Calls by people at most", "Ours: "+strconv.Itoa(ours.Calls.Most)+". At one answer in two, 3 reach 87.5% and 6 reach 98.4%", f.Calls)
	p.Minutes = field("minutes", "Minutes one call takes", "Ours: 4, notes included", f.Minutes)
	p.Cooldown = field("calls.cooldown", "Minutes between two calls", "Ours: "+minutesOf(ours.Calls.Cooldown)+", so that nobody is pestered", f.Cooldown)
	p.Longest = field("longest", "It ends at the latest after, hours", "Ours: "+strconv.Itoa(int(ours.Longest.Hours()))+", so that nobody is chased about what they have forgotten", f.Longest)
	p.From = field("quiet.from", "Quiet from", "In the customer's zone. Ours: 21:00, the customary night of the rules for calls and texts", f.From)
	p.Until = field("quiet.until", "Quiet until", "Ours: 08:00. The same time twice: no quiet hours", f.Until)
	for _, e := range settings.Exceptions {
		p.Unless = append(p.Unless, option{Value: string(e), Word: exceptionWords[e], Chosen: slices.Contains(f.Unless, string(e))})
	}
	p.UnlessFault = s.Err(at + "quiet.unless")
	p.Rest = s.Elsewhere(append(shown, at+"quiet.unless")...)
}

// ourRung says where our own ladder has a channel.
func ourRung(l settings.Ladder, channel string) string {
	n := slices.IndexFunc(l.Rungs, func(r settings.Rung) bool { return r.Channel == channel })
	if channel == "" {
		return ""
	}
	if n < 0 {
		return "Ours: not here."
	}
	r := l.Rungs[n]
	said := "Ours: together with the rung before"
	switch {
	case n == 0:
		said = "Ours: at once"
	case r.After > 0:
		said = "Ours: after " + minutesOf(r.After) + " min"
	}
	if r.Attempts > 1 {
		said += ", " + strconv.Itoa(r.Attempts) + " attempts, " + minutesOf(r.Interval) + " min apart"
	}
	return said + ", until " + proofWords[r.Proof] + "."
}

func minutesOf(d time.Duration) string { return strconv.Itoa(int(d / time.Minute)) }

// A ladderForm is a ladder as it is typed.
type ladderForm struct {
	Rungs                                          []rungText
	Calls, Minutes, Cooldown, Longest, From, Until string
	Unless                                         []string
}

type rungText struct{ Channel, After, Attempts, Interval, Proof string }

func ladderAsTyped(l settings.Ladder) *ladderForm {
	f := &ladderForm{
		Calls: strconv.Itoa(l.Calls.Most), Minutes: strconv.Itoa(l.Calls.Minutes), Cooldown: minutesOf(l.Calls.Cooldown),
		Longest: strconv.Itoa(int(l.Longest.Hours())), From: l.Quiet.From.String(), Until: l.Quiet.Until.String(),
	}
	for _, e := range l.Quiet.Unless {
		f.Unless = append(f.Unless, string(e))
	}
	for _, r := range l.Rungs {
		t := rungText{Channel: r.Channel, After: minutesOf(r.After), Proof: string(r.Proof)}
		if r.Channel != settings.Person {
			t.Attempts, t.Interval = strconv.Itoa(r.Attempts), minutesOf(r.Interval)
		}
		f.Rungs = append(f.Rungs, t)
	}
	return f
}

// typedLadder reads the form; a row without a channel is no rung.
func typedLadder(in *form) *ladderForm {
	f := &ladderForm{
		Calls: in.text("calls"), Minutes: in.text("minutes"), Cooldown: in.text("calls.cooldown"), Longest: in.text("longest"),
		From: in.text("quiet.from"), Until: in.text("quiet.until"), Unless: in.all("unless[]"),
	}
	for n := range rungChannels {
		at := "rungs." + strconv.Itoa(n+1) + "."
		r := rungText{in.text(at + "channel"), in.text(at + "after"), in.text(at + "attempts"), in.text(at + "interval"), in.text(at + "proof")}
		if r.Channel != "" {
			f.Rungs = append(f.Rungs, r)
		}
	}
	return f
}

// ladder makes the policy of what was typed; at is what its fields are called.
func (f ladderForm) ladder(at string) (l settings.Ladder, wrong problem.List) {
	number := func(field, typed string) int {
		n, err := strconv.Atoi(strings.TrimSpace(typed))
		if typed == "" {
			n, err = 0, nil
		}
		if err != nil || n < 0 || n > 1_000_000 {
			wrong.Add(problem.Field(at+field, "problem.number", "typed", typed))
			return 0
		}
		return n
	}
	minutes := func(field, typed string) time.Duration { return time.Duration(number(field, typed)) * time.Minute }
	clock := func(field, typed string, into encoding.TextUnmarshaler) {
		if into.UnmarshalText([]byte(typed)) != nil {
			wrong.Add(problem.Field(at+field, "problem.ladder.quiet"))
		}
	}
	for n, r := range f.Rungs {
		name := "rungs." + strconv.Itoa(n+1) + "."
		l.Rungs = append(l.Rungs, settings.Rung{
			Channel: r.Channel, After: minutes(name+"after", r.After), Attempts: number(name+"attempts", r.Attempts),
			Interval: minutes(name+"interval", r.Interval), Proof: settings.Proof(r.Proof),
		})
	}
	l.Calls = settings.Calls{Most: number("calls", f.Calls), Minutes: number("minutes", f.Minutes), Cooldown: minutes("calls.cooldown", f.Cooldown)}
	l.Longest = time.Duration(number("longest", f.Longest)) * time.Hour
	clock("quiet.from", f.From, &l.Quiet.From)
	clock("quiet.until", f.Until, &l.Quiet.Until)
	for _, e := range f.Unless {
		l.Quiet.Unless = append(l.Quiet.Unless, settings.Exception(e))
	}
	return l, wrong
}

func (f *Face) postLadder(w http.ResponseWriter, r *http.Request) error {
	at, err := ladderOf(r)
	if err != nil {
		return err
	}
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	form := typedLadder(in)
	l, wrong := form.ladder("ladders." + at.ladderName() + ".")
	chosen := s.Company
	chosen.Ladders = maps.Clone(chosen.Ladders)
	if chosen.Ladders == nil {
		chosen.Ladders = settings.Ladders{}
	}
	chosen.Ladders[at.ladderName()] = l
	if in.checked("reset") {
		delete(chosen.Ladders, at.ladderName())
		wrong = nil
	}
	in.faults = wrong
	err = f.keepSettings(r, in, chosen)
	if refusals := ofForm(err); refusals != nil {
		return f.renderLadder(w, r, http.StatusUnprocessableEntity, form, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/settings/ladder?done=kept")
}

// A situation is a kind of trouble and how hard it hits.
type situation struct {
	Kind   incident.Kind
	Impact incident.Impact
}

// Graded reports whether the impact makes a difference: only an outage is told differently by how hard it hits.
func (s situation) Graded() bool { return s.Kind == incident.Outage }
