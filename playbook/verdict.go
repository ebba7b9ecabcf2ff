package playbook

import "candor/lang"

// A Verdict is what a check answers, to a terminal and to a program alike.
type Verdict struct {
	Lang     lang.Tag      `json:"lang" doc:"The language the text was read in"`
	Present  Presence      `json:"present" doc:"Is it in the text, whatever kind of text it is"`
	Findings []SaidFinding `json:"findings" doc:"In the order of the text; what is missing from all of it comes first"`
}

// Presence says of each signal a reader is shown if the text has it.
type Presence struct {
	AdmitsFault     bool `json:"admits_fault"`
	Apologises      bool `json:"apologises_unconditionally"`
	Conditional     bool `json:"conditional_apology"`
	DeflectsVendor  bool `json:"deflects_to_vendor"`
	NextUpdateTime  bool `json:"next_update_time"`
	CauseOrUnknown  bool `json:"says_cause_or_unknown"`
	Corrective      bool `json:"corrective_action"`
	DataSafety      bool `json:"data_safety_statement"`
	CustomerSteps   bool `json:"customer_steps"`
	Compensation    bool `json:"compensation"`
	Contact         bool `json:"contact"`
	Flippant        bool `json:"flippant_tone"`
	TrackRecord     bool `json:"track_record"`
	Thanks          bool `json:"thanks"`
	AsksForbearance bool `json:"asks_forbearance"`
}

// SaidFinding is a finding in the author's words.
type SaidFinding struct {
	Rule    FindingRule `json:"rule"`
	Level   Level       `json:"level" enum:"ask,warn,hint"`
	Start   int         `json:"start" doc:"In bytes of the text; 0 to 0 where something is missing from all of it"`
	End     int         `json:"end"`
	Excerpt string      `json:"excerpt"`
	Why     string      `json:"why"`
	Source  string      `json:"source"`
	Instead string      `json:"instead"`
}

// Judge checks a text and says what it found in the language the author wrote in.
func Judge(text string, c Context) (Verdict, error) {
	r, findings, err := Check(text, c)
	if err != nil {
		return Verdict{}, err
	}
	v := Verdict{Lang: r.Tag, Present: r.presence(), Findings: []SaidFinding{}}
	words := AuthorWords(r.Tag)
	for _, f := range findings {
		v.Findings = append(v.Findings, SaidFinding{f.Rule, f.Level, f.Start, f.End, f.Excerpt, f.Why(words), f.Source, f.Instead(words)})
	}
	return v, nil
}

// AuthorWords are the words for who writes in a language: Chinese is answered in the script we have.
func AuthorWords(tag lang.Tag) lang.Words {
	for _, known := range lang.All() {
		if base(known) == base(tag) {
			return lang.For(known)
		}
	}
	return lang.For(lang.English)
}

// Concerns reports whether a finding is above a hint.
func (v Verdict) Concerns() bool {
	for _, f := range v.Findings {
		if f.Level != Hint {
			return true
		}
	}
	return false
}

func (r Reading) presence() Presence {
	return Presence{
		r.Has(AdmitsFault), r.Has(Apologises), r.Has(ConditionalSry), r.Has(DeflectsVendor), r.Has(NextUpdateTime), r.Has(CauseOrUnknown),
		r.Has(CorrectiveAct), r.Has(DataSafety), r.Has(CustomerSteps), r.Has(Compensation), r.Has(Contact), r.Has(Flippant),
		r.Has(TrackRecord), r.Has(Thanks), r.Has(AsksForbearance),
	}
}
