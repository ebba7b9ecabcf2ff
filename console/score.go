package console

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"candor/incident"
	"candor/playbook"
	"candor/store"
)

// A scorePage says how an incident was owned, item by item, with the fact behind each.
type scorePage struct {
	shell
	Incident  standing
	Percent   int
	Judged    bool
	Points    string
	Of        string
	Course    []moment
	Parts     []scorePart
	Penalties []scoreRow
}

// Costs are the penalties, as a part of their own.
func (p scorePage) Costs() scorePart { return scorePart{Name: "What it cost", Rows: p.Penalties} }

// A moment is one thing that happened, and when.
type moment struct {
	At   clock
	What string
	when time.Time
}

type scorePart struct {
	Name       string
	Points, Of string
	Rows       []scoreRow
}

type scoreRow struct {
	Name, Fact, Points, Source string
	Judged                     bool
}

var partWords = map[string]string{
	"ownership": "Owning it", "told": "Told first and fast", "promises": "Promises kept", "reach": "Reach", "amends": "Amends",
	"cause": "Cause and corrective action",
}

var itemWords = map[string]string{
	"responsibility": "We took responsibility", "repair_offer": "We offered to make it good", "regret": "We said sorry, without an if",
	"explanation": "We said why", "dated_action": "An action with a date", "forgiveness": "We asked for forgiveness",
	"told_first": "We told customers before one told us", "first_notice": "From noticing to the first word", "scope": "What is broken was named",
	"on_time": "Next words in time", "names_next": "Updates that say when the next comes", "end_told": "From the end to saying so",
	"reached": "Affected customers reached", "two_channels": "More than one way to reach them", "named_human": "Signed by somebody who can be reached",
	"credit_matches": "Credits match the loss", "paid_unasked": "Paid fast, unasked", "credit_bounded": "Not absurdly large",
	"report_on_time": "Report on its date", "actions_owned": "Actions with owner, date and type", "effect_verified": "Effect verified",
	"vendor_blame": "A supplier blamed, and nothing we do", "agentless": "An apology without anybody in it", "understated": "Scope played down",
	"conditional": "Sorry with an if", "joke": "A joke where money or data is concerned", "third_apology": "Third apology without a new action",
	"silence": "Money for silence",
}

func (f *Face) showScore(w http.ResponseWriter, r *http.Request) error {
	var p scorePage
	s, err := f.frame(r, "Score", "prove", func(ctx context.Context, tx *store.Tx, s *shell) error {
		i, err := tx.Incidents.ByCode(ctx, codeOf(r))
		if err != nil {
			return err
		}
		course, err := tx.Course(ctx, i)
		if err != nil {
			return err
		}
		p.Incident = standing{i, i.HeadlineStatus()}
		p.tell(*s, course)
		p.fill(*s, playbook.Grade(course, s.Now))
		return nil
	})
	if err != nil {
		return err
	}
	p.shell = s
	return f.render(w, http.StatusOK, "score", p)
}

// tell lists what happened in the order of time: who told whom first, and each word beside its promise.
func (p *scorePage) tell(s shell, c playbook.Course) {
	add := func(at time.Time, what string) {
		if !at.IsZero() {
			p.Course = append(p.Course, moment{At: s.Clock(at), What: what, when: at})
		}
	}
	add(c.StartedAt, "It began")
	add(c.DetectedAt, "Noticed by: "+s.DetectedWord(c.DetectedBy))
	add(c.FirstReportAt, "The first customer told us")
	add(c.FirstMailAt, "The first message went out")
	for _, u := range c.Updates {
		what := s.StatusWord(u.Status)
		if u.Number == 1 {
			what = "The first word: " + what
		}
		add(u.At, what+punctuality(s, c, u))
	}
	slices.SortStableFunc(p.Course, func(a, b moment) int { return a.when.Compare(b.when) })
}

// punctuality is how a word stood to the promise it kept.
func punctuality(s shell, c playbook.Course, u incident.Update) string {
	for _, one := range c.Promises {
		if one.KeptBy != u.ID {
			continue
		}
		if late := one.Late(s.Now); late > 0 {
			return ", " + s.Duration(late) + " late"
		}
		return ", in time"
	}
	return ""
}

func (p *scorePage) fill(s shell, score playbook.Score) {
	p.Percent, p.Judged = score.Percent()
	p.Points, p.Of = points(score.Points), points(score.Of)
	var got, of float64
	for _, m := range score.Marks {
		row := scoreRow{Name: itemWords[m.Item], Fact: basisOf(s, m.Basis), Source: m.Source, Judged: m.Judged, Points: points(m.Earned) + " of " + points(m.Weight)}
		if m.Part == "" {
			if m.Judged && m.Earned < 0 {
				row.Points = points(m.Earned)
				p.Penalties = append(p.Penalties, row)
			}
			continue
		}
		if n := len(p.Parts); n == 0 || p.Parts[n-1].Name != partWords[m.Part] {
			p.Parts = append(p.Parts, scorePart{Name: partWords[m.Part]})
			got, of = 0, 0
		}
		part := &p.Parts[len(p.Parts)-1]
		part.Rows = append(part.Rows, row)
		if m.Judged {
			got, of = got+m.Earned, of+m.Weight
		}
		part.Points, part.Of = points(got), points(of)
	}
}

// points are printed to a tenth where they are no whole number.
func points(x float64) string {
	return strconv.FormatFloat(float64(int(x*10+sign(x)*0.5))/10, 'f', -1, 64)
}

func sign(x float64) float64 {
	if x < 0 {
		return -1
	}
	return 1
}

// basisOf is the fact behind a mark, as a sentence.
func basisOf(s shell, b playbook.Basis) string {
	switch b.Fact {
	case playbook.FactSaid:
		return "In update " + strconv.Itoa(b.Number)
	case playbook.FactUnsaid:
		return "In none of the updates"
	case playbook.FactOf:
		return s.Count(b.Count) + " of " + s.Count(b.All)
	case playbook.FactChannels:
		return s.Count(b.Count)
	case playbook.FactAfter:
		return "After " + s.Duration(b.Took)
	case playbook.FactWeFirst:
		return s.Duration(b.Took) + " before"
	case playbook.FactTheyFirst:
		return "They were " + s.Duration(b.Took) + " earlier"
	case playbook.FactLate:
		return s.Duration(b.Took) + " late"
	}
	return factWords[b.Fact]
}

var factWords = map[playbook.Fact]string{
	playbook.FactLater: "Not judged: nothing is recorded of it yet", playbook.FactOpen: "Not judged while the incident is open",
	playbook.FactPending: "Not judged before it is due", playbook.FactUnnoted: "Not judged: nobody noted when we noticed",
	playbook.FactNobodyAffected: "Not judged: no customer is known to be affected", playbook.FactNoneDue: "Not judged: none was due",
	playbook.FactNobodyReported: "No customer had to tell us", playbook.FactCauseKnown: "The cause is known and said",
	playbook.FactCauseUnknown: "It ended without a known cause", playbook.FactOnTime: "In time", playbook.FactNoReport: "None was promised",
}
