package amends

import (
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"candor/lang"
)

// A Level says how much a finding matters.
type Level string

const (
	Fault    Level = "fault"    // nobody can reckon with these terms
	Question Level = "question" // they can be reckoned with, but perhaps not as meant: somebody has to decide
	Hint     Level = "hint"     // worth knowing
)

// A Rule names what a finding is about.
type Rule string

// A Finding is one thing in terms that a careful reader would ask about, with the figures where it bites.
type Finding struct {
	Level Level
	Rule  Rule
	Where string // the field, as a JSON pointer
	line  Line
	text  string // of a fault, which is told to programmers and not translated
}

// In is the finding in a reader's language.
func (f Finding) In(w lang.Words) string {
	if f.text != "" {
		return f.text
	}
	return f.line.In(w)
}

// linting collects findings.
type linting struct{ found []Finding }

func (l *linting) add(level Level, rule Rule, where, key string, args ...any) {
	l.found = append(l.found, Finding{Level: level, Rule: rule, Where: where, line: Line{key, args}})
}

// Lint reads terms as a lawyer would, faults first. Terms without a fault can be reckoned with.
func (t Terms) Lint() []Finding {
	var l linting
	for _, err := range []error{t.Validate(), t.Claim.Validate()} {
		if err == nil {
			continue
		}
		for say := range strings.SplitSeq(err.Error(), "\n") {
			l.found = append(l.found, Finding{Level: Fault, Rule: "cannot_be_reckoned", text: say})
		}
	}
	if t.Model.validate(t) == nil {
		t.lintModel(&l)
	}
	t.lintTime(&l)
	t.lintMoney(&l)
	slices.SortStableFunc(l.found, func(a, b Finding) int { return a.Level.rank() - b.Level.rank() })
	return l.found
}

func (l Level) rank() int { return slices.Index([]Level{Fault, Question, Hint}, l) }

func (t Terms) lintModel(l *linting) {
	switch m := t.Model; m.Type {
	case Tiers:
		t.lintTiers(l)
	case BandsDays, BandsHours:
		t.lintBands(l)
	case PerBlock, DaysPerBlock:
		t.lintStarted(l, number{m.BlockS.rat()})
	case Step:
		if m.Round == "" {
			l.add(Question, "each_or_part", "/model/round", "credit.lint.started.step", "step", percent{m.Step.rat()})
		}
		t.lintPromise(l, m.Commitment, "/model/commitment")
	case NoClause:
		l.add(Hint, "no_clause", "/model", "credit.rate.none")
	}
	t.lintPromise(l, t.Model.OnlyBelow, "/model/only_if_uptime_lt")
}

// lintPromise asks where the uptime that pays is not the one that is promised.
func (t Terms) lintPromise(l *linting, pays *Number, where string) {
	if pays != nil && t.Commitment != nil && pays.Cmp(t.Commitment.rat()) != 0 {
		l.add(Question, "another_promise", where, "credit.lint.promise", "promised", percent{t.Commitment.rat()}, "pays", percent{pays.rat()})
	}
}

// The words by which contracts say what a started block is.
var (
	partWords  = regexp.MustCompile(`(?i)\bpart(ial|s)? thereof|\bor (a )?(part|fraction)\b|\bportion thereof`)
	wholeWords = regexp.MustCompile(`(?i)\b(full|complete|whole|entire) (block|half.hour|hour|minute|\d+)`)
)

// lintStarted asks what a started block is worth, where the contract or its words leave that open.
func (t Terms) lintStarted(l *linting, block number) {
	words := t.Service + " " + t.Note + " " + t.Form
	for _, source := range t.Sources {
		words += " " + source.Note
	}
	switch round := t.Model.Round; {
	case round == "":
		l.add(Question, "each_or_part", "/model/round", "credit.lint.started", "block", block)
	case round == WholeOnly && partWords.MatchString(words):
		l.add(Question, "each_or_part", "/model/round", "credit.lint.started.words", "words", partWords.FindString(words), "round", string(round), "block", block)
	case round == OrPartOf && wholeWords.MatchString(words):
		l.add(Question, "each_or_part", "/model/round", "credit.lint.started.words", "words", wholeWords.FindString(words), "round", string(round), "block", block)
	}
	if t.Period != Incident && t.Model.Round != OrPartOf {
		l.add(Hint, "added_up", "/period", "credit.lint.added", "half", number{mul(block.Rat, big.NewRat(2, 3))}, "block", block)
	}
}

// lintTime asks about whose month it is and which seconds count.
func (t Terms) lintTime(l *linting) {
	if t.Zone == "" && t.Period != Incident {
		l.add(Question, "no_zone", "/tz", "credit.lint.zone")
	}
	if t.Counted.Kind == ErrorMinutes && t.Counted.Strict == nil && t.Counted.Threshold != nil {
		l.add(Question, "edge_of_a_minute", "/granularity/strict", "credit.lint.strict", "pct", percent{t.Counted.Threshold.rat()})
	}
	switch {
	case t.Maintenance == "":
		l.add(Question, "maintenance_open", "/maintenance", "credit.lint.maintenance")
	case t.Maintenance == IfDefined && (t.Defined == nil || t.Defined.NoticeHours == nil && t.Defined.MostSecondsS == nil):
		l.add(Question, "maintenance_open", "/maintenance_def", "credit.lint.maintenance.defined")
	}
	if t.FixedS != nil {
		l.add(Hint, "fixed_month", "/fixed_total_s", "credit.lint.fixed", "seconds", number{t.FixedS.rat()})
	}
}

// harmlessCap are words that no table exceeds, or that say there is no cap.
var harmlessCap = regexp.MustCompile(`(?i)^(none|100 ?%)`)

// lintMoney asks about caps, minima and claims.
func (t Terms) lintMoney(l *linting) {
	most := t.Model.CapPct.rat()
	if most == nil {
		most = t.capInWords()
	}
	if most == nil && t.Model.MostMonths == nil && t.Cap != nil && t.Model.Type != NoClause && !harmlessCap.MatchString(*t.Cap) {
		l.add(Hint, "cap_in_words", "/cap", "credit.lint.cap", "cap", *t.Cap)
	}
	for i, row := range t.Model.Tiers {
		if most != nil && row.Pct != nil && row.Pct.Cmp(most) > 0 {
			l.add(Question, "cap_below_row", "/model/tiers/"+strconv.Itoa(i), "credit.lint.cap.row",
				"row", strconv.Itoa(i+1), "pct", percent{row.Pct.rat()}, "cap", percent{most})
		}
	}
	if t.MinIssue != nil && (t.MinIssue.Currency == "" || t.MinIssue.Over == nil) {
		l.add(Question, "least_open", "/min_issue", "credit.lint.least")
	}
	if t.Claim.Rule == UnknownClaim || t.Claim.Rule == "" {
		l.add(Hint, "claim_open", "/claim", "credit.lint.claim")
	}
}

// usualPeriod is the length by which a percentage is told in seconds: a month of 30 days, the shortest quarter.
func (t Terms) usualPeriod() (seconds *big.Rat, days int) {
	days = assumedDays
	if t.Period == Quarter {
		days = 90
	}
	if fixed := t.fixed(); fixed != nil {
		return fixed, int(floor(fixed, whole(secondsOfDay)).Int64())
	}
	return whole(int64(time.Duration(days) * 24 * time.Hour / time.Second)), days
}
