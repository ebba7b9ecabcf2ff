package reach

import (
	"time"

	"candor/audience"
)

// What mail says beside what providers of other channels do.
const (
	SaysSoft      ReceiptKind = "soft"       // it did not arrive this time, or not yet
	SaysRefused   ReceiptKind = "policy"     // it is not wanted from us
	SaysComplaint ReceiptKind = "complaint"  // the reader called it unwanted
	SaysAway      ReceiptKind = "auto_reply" // a machine answered
	SaysUnknown   ReceiptKind = "unknown"    // it came back and does not say why
)

var saysByClass = map[BounceClass]ReceiptKind{
	BounceHard: SaysBounced, BounceSoft: SaysSoft, BouncePolicy: SaysRefused, BounceComplaint: SaysComplaint, BounceAutoReply: SaysAway,
}

// Says is the kind of receipt that a returned mail is.
func (r Returned) Says() ReceiptKind {
	if k, ok := saysByClass[r.Class]; ok {
		return k
	}
	return SaysUnknown
}

const (
	// SoftWindow and SoftBounces say when an address that is never quite dead counts as dead.
	SoftWindow  = 72 * time.Hour
	SoftBounces = 3
)

// CountsAsSoft reports whether a receipt is one of the three. A server that keeps trying has not failed, and a letter that was too large says
// nothing about the mailbox.
func (r Receipt) CountsAsSoft() bool {
	return r.Kind == SaysSoft && r.Reason != ReasonDelayed && r.Reason != ReasonTooLarge
}

// Consequence decides what a receipt by mail makes of its delivery, and whether nothing goes to the address any more; empty means nothing.
// soft is how many soft bounces of the address counted in the window, this one included. Nobody is silenced on doubt: a bounce without a
// reason ends its delivery as failed, which the ladder sees, and no more.
func (r Receipt) Consequence(d Delivery, soft int) (becomes State, suppress audience.SuppressionReason) {
	switch {
	case r.Kind == SaysBounced && r.Reason == ReasonUnspecified:
		becomes = Failed
	case r.Kind == SaysBounced, r.CountsAsSoft() && soft >= SoftBounces:
		becomes, suppress = Bounced, audience.HardBounce
	case r.Kind == SaysComplaint:
		becomes, suppress = Complained, audience.Complaint
	default:
		return "", ""
	}
	switch d.State {
	case Accepted, Delivered, Claimed, RetryAt: // between two tries: the result of the first was lost
		return becomes, suppress
	case Acknowledged:
		if becomes == Complained {
			return becomes, suppress
		}
	}
	return "", suppress
}
