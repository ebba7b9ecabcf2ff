package playbook

import (
	"maps"
	"slices"

	"candor/lang"
)

// A Level says how much a finding asks of the author. Nothing is refused for it, and a first word is never held up.
type Level string

// Levels, from the calmest.
const (
	Hint Level = "hint" // worth a thought
	Warn Level = "warn" // customers are likely to mind
	Ask  Level = "ask"  // the words contradict a field: one extra click
)

// A FindingRule names what a finding found.
type FindingRule string

// The rules of findings about the fields beside a text.
const (
	RuleNextPast    FindingRule = "next_in_the_past"
	RuleNextLate    FindingRule = "next_too_late"
	RuleNoSteps     FindingRule = "steps_missing"
	RuleUnreachable FindingRule = "author_unreachable"
	RuleNoLanguage  FindingRule = "language_missing"
)

// The rules of findings about words.
const (
	RuleConditional   FindingRule = "conditional_apology"
	RuleAgentless     FindingRule = "agentless_apology"
	RuleNoApology     FindingRule = "no_apology"
	RulePatience      FindingRule = "patience_instead"
	RuleDenial        FindingRule = "apology_and_denial"
	RuleThirdApology  FindingRule = "third_apology"
	RuleVendor        FindingRule = "vendor_without_us"
	RuleMinimising    FindingRule = "minimising"
	RuleFlippant      FindingRule = "flippant_tone"
	RuleEstimate      FindingRule = "estimate_without_next_update"
	RuleNoNext        FindingRule = "no_next_update"
	RuleNoCause       FindingRule = "no_cause"
	RuleNoAction      FindingRule = "no_corrective_action"
	RuleNoOwnership   FindingRule = "no_ownership"
	RuleBoilerplate   FindingRule = "boilerplate_resolution"
	RuleDataSafe      FindingRule = "contradicts_data_unsure"
	RuleDataHarmed    FindingRule = "contradicts_data_safe"
	RuleHarmNoSteps   FindingRule = "harm_without_steps"
	RuleCreditSilence FindingRule = "credit_for_silence"
	RuleOfferAmount   FindingRule = "offer_without_amount"
	RuleOfferDeadline FindingRule = "offer_without_deadline"
	RuleOfferHow      FindingRule = "offer_without_way"
	RuleEquipment     FindingRule = "equipment_detail"
	RuleJargon        FindingRule = "jargon"
	RuleLong          FindingRule = "long_sentence"
)

// sources are whose experience or research stands behind a rule.
var sources = map[FindingRule]string{
	RuleNextPast:      "Boomi's six rules",
	RuleNextLate:      "Boomi's six rules",
	RuleNoSteps:       "Coombs's situational crisis communication",
	RuleUnreachable:   "DreamHost's disaster blog and its readers",
	RuleNoLanguage:    "The languages of your page",
	RuleOfferAmount:   "GoDaddy, September 2012: a month's credit, within a week, by one button",
	RuleOfferDeadline: "GoDaddy, September 2012: a month's credit, within a week, by one button",
	RuleOfferHow:      "GoDaddy, September 2012: a month's credit, within a week, by one button",
	RuleConditional:   "DreamHost's readers, 2008; Discourse Processes 2019 found no reliable effect of the word \"if\" alone",
	RuleAgentless:     "Discourse Processes 2019, 1,118 people",
	RuleNoApology:     "GoDaddy, 10 September 2012; Lewicki, Polin, Lount 2016, 755 people",
	RulePatience:      "Lewicki, Polin, Lount 2016, 755 people",
	RuleDenial:        "Arendt et al. 2017, 110 articles",
	RuleThirdApology:  "Halperin, Ho, List, Muir 2022, 1.5 million riders",
	RuleVendor:        "Boomi's six rules; Arendt et al. 2017, 110 articles",
	RuleMinimising:    "SaaStr on Fastly, 2021",
	RuleFlippant:      "DreamHost's \"Um, Whoops\" and its comments, 2008",
	RuleEstimate:      "Boomi's six rules; PagerDuty's process",
	RuleNoNext:        "Boomi's six rules",
	RuleNoCause:       "Lewicki, Polin, Lount 2016, 755 people",
	RuleNoAction:      "Arendt et al. 2017, 110 articles; Halperin, Ho, List, Muir 2022",
	RuleNoOwnership:   "Lewicki, Polin, Lount 2016, 755 people",
	RuleBoilerplate:   "4,570 updates of one service: 30% of its resolutions say nothing else",
	RuleDataSafe:      "GoDaddy, 10 September 2012",
	RuleDataHarmed:    "GoDaddy, 10 September 2012",
	RuleHarmNoSteps:   "Coombs's situational crisis communication",
	RuleCreditSilence: "Abeler et al. 2010",
	RuleEquipment:     "A reader on DreamHost's disaster blog",
	RuleJargon:        "PagerDuty's process; your own glossary",
	RuleLong:          "Plain language",
}

// FindingRules are all there are, by name.
func FindingRules() []FindingRule { return slices.Sorted(maps.Keys(sources)) }

// A Finding is one thing a careful colleague would say before a word goes out. Start and End are bytes of the text; both are 0 where
// something is missing from all of it, or where the finding is about a field.
type Finding struct {
	Rule     FindingRule `json:"rule"`
	Level    Level       `json:"level"`
	Field    string      `json:"field,omitempty"`    // empty for the words
	Language lang.Tag    `json:"language,omitempty"` // of the words
	Span     `json:"-"`
	Excerpt  string   `json:"excerpt,omitempty"`
	Source   string   `json:"source,omitempty"`
	Args     []string `json:"args,omitempty"` // names and words in the sentence, by turns
	Own      *Saying  `json:"own,omitempty"`  // what the house's own rule or glossary says
}

// A Saying is what a company wrote about a rule or a word of its own.
type Saying struct {
	Why     string `json:"why,omitempty"`
	Instead string `json:"instead"`
}

// Why says why it matters, in the author's language.
func (f Finding) Why(words lang.Words) string {
	if f.Own != nil && f.Own.Why != "" {
		return f.Own.Why
	}
	return words.T("check."+string(f.Rule)+".why", f.args()...)
}

// Instead says what to write instead, in the author's language.
func (f Finding) Instead(words lang.Words) string {
	if f.Own != nil {
		return f.Own.Instead
	}
	return words.T("check."+string(f.Rule)+".instead", f.args()...)
}

func (f Finding) args() (all []any) {
	for _, a := range f.Args {
		all = append(all, a)
	}
	return all
}
