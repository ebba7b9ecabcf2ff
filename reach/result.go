package reach

import (
	"strings"
	"time"
)

// Outcome is what became of one attempt.
type Outcome string

// Outcomes.
const (
	// Taken: the next hop has taken responsibility; the delivery becomes Accepted.
	Taken Outcome = "taken"
	// Temporary: nobody is to blame for good; try again when Retry says.
	Temporary Outcome = "temporary"
	// Permanent: this recipient cannot be reached at this address. A hard bounce: suppress the address, climb the ladder at once.
	Permanent Outcome = "permanent"
	// Refused: the sender is not trusted or is set up wrongly. Keep the recipient, alarm the operator.
	Refused Outcome = "refused"
	// Poison: this message cannot be built or sent whatever happens. Isolate it, so that it stops nothing else.
	Poison Outcome = "poison"
	// Withheld: we decided not to send it, by a rule the reason names. Nothing was tried, and nothing is held against the recipient.
	Withheld Outcome = "withheld"
	// Unsettled: it may have arrived, nobody can tell, and it is not repeated.
	Unsettled Outcome = "unsettled"
)

// Result is what a Session says about one Message.
type Result struct {
	Outcome    Outcome
	ProviderID string        // the receiver's name for the message, if it told us
	Code       string        // its answer: "5.1.1", or "550" where it has no enhanced code
	Reason     string        // one of the Reason constants: ours, never the receiver's words
	RetryAfter time.Duration // the receiver asked for at least this much patience; 0 if it did not
	Broken     bool          // the connection is of no further use: Close the Session and Open another
}

// Reasons, stored with the delivery and shown in the ledger. They are Candor's words: a receiver's answer can hold addresses and, when the
// host is not a mail server at all, whatever that host says to strangers.
const (
	ReasonAccepted      = "accepted"
	ReasonBadAddress    = "address is malformed"
	ReasonBadContent    = "content not accepted"
	ReasonBlocked       = "sender is blocked"
	ReasonBusy          = "receiver is busy"
	ReasonCutAfterDot   = "cut after the last byte" // it may have arrived: the repeat has the same Message-ID
	ReasonCutBefore     = "connection lost"
	ReasonExpired       = "receiver gave up after days"
	ReasonGreylisted    = "greylisted"
	ReasonInvalid       = "message cannot be built"
	ReasonLoop          = "mail loop"
	ReasonLogin         = "login missing or wrong"
	ReasonMailboxFull   = "mailbox full"
	ReasonMailboxOff    = "mailbox disabled"
	ReasonMoved         = "mailbox has moved"
	ReasonNoConnection  = "no connection to the mail server"
	ReasonNoDomain      = "domain takes no mail"
	ReasonNoMailbox     = "no such mailbox"
	ReasonPolicy        = "refused by policy"
	ReasonProtocol      = "receiver did not understand"
	ReasonRateLimited   = "too much at once"
	ReasonReceiverFault = "receiver is at fault"
	ReasonRelay         = "receiver does not relay for us"
	ReasonSenderAddress = "sender address refused"
	ReasonSettings      = "mail settings cannot be used"
	ReasonTooLarge      = "message too large"
	ReasonUnproven      = "sender not authenticated" // SPF, DKIM or DMARC
	ReasonUnspecified   = "refused without a reason"
)

// Classify reads an SMTP answer, or with code 0 the status of a bounce. The classes follow RFC 3463 where servers do and experience where
// they do not: a full mailbox is temporary even with a 5, trouble with the sender (5.7.x) never counts against the recipient, and what
// carries no enhanced code is judged by the words that large providers use.
func Classify(code int, enhanced, text string) (Outcome, string) {
	class := code / 100
	if class == 0 && enhanced != "" {
		class = int(enhanced[0] - '0')
	}
	if class == 2 {
		return Taken, ReasonAccepted
	}
	outcome, reason := verdict(code, enhanced, strings.ToLower(text))
	if class != 5 { // whatever it is about, a 4 asks to come again
		if enhanced == "4.4.1" { // RFC 3463: no answer from a host; only with a 5 does anyone mean the recipient
			reason = ReasonBusy
		}
		return Temporary, reason
	}
	return outcome, reason
}

// verdict reads an answer as if it were final.
func verdict(code int, enhanced, text string) (Outcome, string) {
	subject, generic := detail(enhanced)
	if !generic {
		if v, ok := byDetail[subject]; ok {
			if w, ok := byWords(sharper[subject], text); ok {
				return w.outcome, w.reason
			}
			return v.outcome, v.reason
		}
		if strings.HasPrefix(subject, "7.") { // a host of private codes, all about trust
			return policy(text)
		}
	}
	if w, ok := byWords(words, text); ok {
		return w.outcome, w.reason
	}
	if v, ok := bySubject[subject[:strings.IndexByte(subject+".", '.')]]; ok {
		return v.outcome, v.reason
	}
	if v, ok := byCode[code]; ok {
		return v.outcome, v.reason
	}
	return Refused, ReasonUnspecified
}

// detail drops the class: "5.1.1" is "1.1". It is generic if it says no more than that something happened ("5.0.0", "5.1.0").
func detail(enhanced string) (subject string, generic bool) {
	if len(enhanced) < 5 || enhanced[1] != '.' {
		return "", true
	}
	subject = enhanced[2:]
	return subject, strings.HasPrefix(subject, "0.") || strings.HasSuffix(subject, ".0") && subject != "6.0" && subject != "7.0"
}

func policy(text string) (Outcome, string) {
	if w, ok := byWords(trust, text); ok {
		return w.outcome, w.reason
	}
	return Refused, ReasonPolicy
}
