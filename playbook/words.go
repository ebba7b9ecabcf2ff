package playbook

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"candor/incident"
	"candor/lang"
)

// A Context is what a text is for. Everything but the kind may be left out; what is not known finds nothing.
type Context struct {
	Language  lang.Tag // of the text; detected if empty
	Kind      Kind
	Impact    incident.Impact
	Incident  incident.Kind
	Fields    *incident.Fields // as they stand beside the text; nil without a form
	NextBy    time.Time        // the next update's field
	Affected  float64          // share of customers or components measured to be affected, 0 to 1
	Apologies int              // earlier ones of the last 90 days without a new corrective action
	House     *House           // the company's glossary and rules; nil for none
	// Undemanding is a text from which nothing is missing: planned work, a note after the end.
	Undemanding bool
}

// high reports whether customers are hit hard, by what was said or by what was measured.
func (c Context) high() bool {
	return c.Impact == incident.ImpactMajor || c.Impact == incident.ImpactCritical || c.Affected >= 0.25
}

// delicate reports whether money or data is concerned.
func (c Context) delicate() bool {
	return c.Incident == incident.Billing || c.Incident == incident.Data || c.Fields != nil && c.Fields.Data.Harmed()
}

// Check reads a text as a careful colleague would, in the order of the text; what is missing from all of it comes first.
func Check(text string, c Context) (Reading, []Finding, error) {
	r, err := Read(text, c.Language)
	if err != nil {
		return r, nil, err
	}
	return r, r.Consider(c), nil
}

// Consider says what there is to say about a text that was read.
func (r Reading) Consider(c Context) []Finding {
	if strings.TrimSpace(r.Text) == "" {
		return nil
	}
	k := &colleague{Reading: r, context: c}
	k.apologies()
	k.blame()
	k.tone()
	k.promises()
	k.substance()
	k.data()
	k.offers()
	k.plainness()
	k.house()
	slices.SortStableFunc(k.findings, func(a, b Finding) int { return cmp.Compare(a.Start, b.Start) })
	return k.findings
}

type colleague struct {
	Reading
	context  Context
	findings []Finding
}

func (k *colleague) say(rule FindingRule, level Level, at Span) {
	k.findings = append(k.findings, Finding{
		Rule: rule, Level: level, Language: k.Tag, Span: at, Excerpt: k.Text[at.Start:at.End], Source: sources[rule],
	})
}

// each says it of every place where the signal was found.
func (k *colleague) each(s Signal, rule FindingRule, level Level) {
	for _, at := range k.Found[s] {
		k.say(rule, level, at)
	}
}

// first says it once, of the first place where one of the signals was found.
func (k *colleague) first(rule FindingRule, level Level, signals ...Signal) {
	for _, s := range signals {
		if k.Has(s) {
			k.say(rule, level, k.Found[s][0])
			return
		}
	}
}

// missing says it of the whole text.
func (k *colleague) missing(rule FindingRule, level Level) {
	if !k.context.Undemanding {
		k.say(rule, level, Span{})
	}
}

func (k *colleague) apologies() {
	k.each(ConditionalSry, RuleConditional, Warn)
	k.each(Agentless, RuleAgentless, Warn)
	sorry := k.Has(Apology) || k.Has(Apologises) || k.Has(ConditionalSry) || k.Has(Agentless)
	switch {
	case !sorry && (k.Has(PatienceFormula) || k.Has(AsksForbearance)):
		k.first(RulePatience, Warn, PatienceFormula, AsksForbearance)
	case !sorry && !k.context.Kind.open():
		k.missing(RuleNoApology, Warn)
	}
	if sorry {
		k.first(RuleDenial, Warn, DeniesFault)
	}
	if sorry && k.context.Apologies >= 2 && !k.Has(CorrectiveAct) {
		k.first(RuleThirdApology, Warn, Apology, Apologises)
	}
}

// blame: a supplier's failure is ours to fix (S1's rule 6). Naming one is not blaming one; saying nothing else is.
func (k *colleague) blame() {
	if !k.Has(SaysWhatWeDo) {
		k.first(RuleVendor, Warn, DeflectsVendor)
	}
	k.each(CreditSilence, RuleCreditSilence, Warn)
}

func (k *colleague) tone() {
	level := Hint
	if k.context.high() || k.context.delicate() {
		level = Warn
	}
	k.each(Flippant, RuleFlippant, level)
	if k.context.high() {
		k.each(Minimising, RuleMinimising, Warn)
	}
}

func (k *colleague) promises() {
	if !k.context.Kind.open() || k.Has(NextUpdateTime) || !k.context.NextBy.IsZero() {
		return
	}
	if k.Has(RepairEstimate) && !k.context.Undemanding {
		k.first(RuleEstimate, Warn, RepairEstimate)
		return
	}
	k.missing(RuleNoNext, Warn)
}

// substance asks by kind: of 64 first notices one admitted fault, and rightly few can; a report that does not is not one.
func (k *colleague) substance() {
	known := k.Has(CauseOrUnknown) || k.Has(AdmitsFault) || k.context.Fields != nil && k.context.Fields.Cause.State != ""
	if k.context.Kind.open() {
		if !known {
			k.missing(RuleNoCause, Hint)
		}
		k.each(EquipmentDetail, RuleEquipment, Hint)
		return
	}
	k.each(Boilerplate, RuleBoilerplate, Warn)
	if k.context.Kind == ApologyFor {
		if !k.Has(AdmitsFault) {
			k.missing(RuleNoOwnership, Hint)
		}
		return
	}
	if !known {
		k.missing(RuleNoCause, Warn)
	}
	if !k.Has(CorrectiveAct) {
		k.missing(RuleNoAction, Warn)
	}
	if !k.Has(AdmitsFault) { // words cannot prove that nobody took the blame: suggest, do not accuse
		k.missing(RuleNoOwnership, Hint)
	}
}

func (k *colleague) data() {
	if k.Has(SaysDataHarmed) && !k.Has(CustomerSteps) && (k.context.Fields == nil || k.context.Fields.Data.Steps.Empty()) {
		k.first(RuleHarmNoSteps, Warn, SaysDataHarmed)
	}
	if k.context.Fields == nil {
		return
	}
	switch k.context.Fields.Data.State {
	case incident.SafetyUnknown, incident.SafetyChecking, incident.SafetyAffected:
		k.each(SaysDataSafe, RuleDataSafe, Ask)
	case incident.SafetyUnaffected:
		k.each(SaysDataHarmed, RuleDataHarmed, Ask)
	}
}

// offers: what is given says how much, by when, and how to get it (S4's step five). Money that was wrongly taken is no gift: it is another
// sum for each customer, and goes back by itself.
func (k *colleague) offers() {
	if k.context.Undemanding || k.context.Incident == incident.Billing {
		return
	}
	level := Hint // in an open incident the offer may still be in the making
	if !k.context.Kind.open() {
		level = Warn
	}
	for _, part := range []struct {
		says Signal
		rule FindingRule
	}{{OfferAmount, RuleOfferAmount}, {OfferDeadline, RuleOfferDeadline}, {OfferHow, RuleOfferHow}} {
		if !k.beside(Compensation, part.says) {
			k.first(part.rule, level, Compensation)
		}
	}
}

// beside reports whether a signal is found in a sentence with another, or in the one before or after it.
func (k *colleague) beside(what, with Signal) bool {
	sentence := func(at Span) int {
		return slices.IndexFunc(k.Sentences, func(s Span) bool { return at.Start < s.End })
	}
	for _, a := range k.Found[what] {
		for _, b := range k.Found[with] {
			if apart := sentence(a) - sentence(b); apart >= -1 && apart <= 1 {
				return true
			}
		}
	}
	return false
}

// longestSentence is in words, longestHan in characters: Chinese says in 80 what takes others some 45 words.
const (
	longestSentence = 45
	longestHan      = 80
)

func (k *colleague) plainness() {
	for _, s := range k.Sentences {
		sentence := k.Text[s.Start:s.End]
		if len(strings.Fields(sentence)) > longestSentence || hanIn(sentence) > longestHan {
			k.say(RuleLong, Hint, s)
		}
	}
}

func hanIn(s string) (count int) {
	for _, r := range s {
		if unicode.Is(unicode.Han, r) {
			count++
		}
	}
	return count
}
