package reach

// TwilioCodes are what Twilio's numbers mean for us, in refusals and in receipts alike.
var TwilioCodes = map[int]struct {
	Outcome Outcome
	Reason  string
}{
	20003: {Refused, ReasonLogin},
	20005: {Refused, ReasonLogin},
	20429: {Temporary, ReasonRateLimited},
	14107: {Temporary, ReasonRateLimited},
	21211: {Permanent, ReasonNotAPhone},
	21214: {Permanent, ReasonNotAPhone},
	21612: {Refused, ReasonSenderAddress}, // this sender cannot reach that number
	21614: {Permanent, ReasonNoTexts},
	21408: {Refused, ReasonNoCountry}, // the country is not switched on in the account
	21212: {Refused, ReasonSenderAddress},
	21606: {Refused, ReasonSenderAddress},
	21659: {Refused, ReasonSenderAddress},
	21610: {Withheld, ReasonOptedOut},
	21611: {Temporary, ReasonBusy},
	21602: {Poison, ReasonInvalid},
	21617: {Poison, ReasonTooLarge},
	30001: {Temporary, ReasonBusy},
	30002: {Refused, ReasonLogin},
	30003: {Temporary, ReasonUnreached},
	30004: {Refused, ReasonCarrier},
	30005: {Permanent, ReasonNotAPhone},
	30006: {Permanent, ReasonNoTexts},
	30007: {Refused, ReasonCarrier},
	30008: {Temporary, ReasonUnspecified},
	30034: {Refused, ReasonUnproven}, // a US number without 10DLC registration
}
