package playbook

// A Signal is one thing a text can say: that somebody is sorry, when the next word comes, who is to blame.
type Signal string

// The signals a reader is shown, whatever the kind of text. docs/checks.md defines each.
const (
	AdmitsFault     Signal = "admits_fault"
	Apologises      Signal = "apologises_unconditionally"
	ConditionalSry  Signal = "conditional_apology"
	DeflectsVendor  Signal = "deflects_to_vendor"
	NextUpdateTime  Signal = "next_update_time"
	CauseOrUnknown  Signal = "says_cause_or_unknown"
	CorrectiveAct   Signal = "corrective_action"
	DataSafety      Signal = "data_safety_statement"
	CustomerSteps   Signal = "customer_steps"
	Compensation    Signal = "compensation"
	Contact         Signal = "contact"
	Flippant        Signal = "flippant_tone"
	TrackRecord     Signal = "track_record"
	Thanks          Signal = "thanks"
	AsksForbearance Signal = "asks_forbearance"
)

// The signals only the findings use.
const (
	Apology         Signal = "apology" // in any form
	Agentless       Signal = "agentless_apology"
	PatienceFormula Signal = "patience_formula"
	Minimising      Signal = "minimising"
	Boilerplate     Signal = "boilerplate_resolution"
	RepairEstimate  Signal = "repair_estimate"
	SaysDataSafe    Signal = "says_data_safe"
	SaysDataHarmed  Signal = "says_data_harmed"
	DeniesFault     Signal = "denies_fault"
	CreditSilence   Signal = "credit_for_silence"
	EquipmentDetail Signal = "equipment_detail"
	SaysWhatWeDo    Signal = "says_what_we_do"
	OfferAmount     Signal = "offer_amount"
	OfferDeadline   Signal = "offer_deadline"
	OfferHow        Signal = "offer_way"
)

// Shown are the signals of a reader, in the order they are listed.
var Shown = [...]Signal{
	AdmitsFault, Apologises, ConditionalSry, DeflectsVendor, NextUpdateTime, CauseOrUnknown, CorrectiveAct, DataSafety,
	CustomerSteps, Compensation, Contact, Flippant, TrackRecord, Thanks, AsksForbearance,
}

// Signals are all there are.
var Signals = append(Shown[:len(Shown):len(Shown)],
	Apology, Agentless, PatienceFormula, Minimising, Boilerplate, RepairEstimate, SaysDataSafe, SaysDataHarmed,
	DeniesFault, CreditSilence, EquipmentDetail, SaysWhatWeDo, OfferAmount, OfferDeadline, OfferHow)
