package reach

import (
	"time"

	"candor/id"
)

// A Receipt is what came back about a delivery: from a provider, a mail server or a person. Receipts are appended and never change; what
// a delivery's state is follows from them.
type Receipt struct {
	ID       id.Receipt
	Delivery id.Delivery // empty if nobody can say which
	Kind     ReceiptKind
	Source   string // who says so: "sms:eu", "mail"
	Machine  bool   // no person is behind it
	Code     string // the other side's, "30003"
	Reason   string // one of ours
	Body     string // a reply's words; personal
	At       time.Time
}

// A ReceiptKind is what a receipt says.
type ReceiptKind string

const (
	SaysTaken     ReceiptKind = "accepted"  // the network has it
	SaysDelivered ReceiptKind = "delivered" // the phone has it
	SaysFailed    ReceiptKind = "failed"    // it will not arrive
	SaysBounced   ReceiptKind = "bounced"   // there is nobody at this address
	SaysReply     ReceiptKind = "reply"     // a person answered
	SaysStop      ReceiptKind = "stop"      // a person wants no more
	SaysStart     ReceiptKind = "start"
	SaysHelp      ReceiptKind = "help"
)

// Received decides what a receipt makes of a delivery; moves is false where it changes nothing: it says less than is known, it comes twice,
// or it speaks of an attempt that was given up. What arrived has arrived, whatever is said later.
func Received(d Delivery, k ReceiptKind) (next State, moves bool) {
	open := d.State == Accepted || d.State == Claimed || d.State == RetryAt && Doubtful(d.Reason) || d.State == Failed && d.Reason == ReasonUnsettled
	switch k {
	case SaysDelivered:
		return Delivered, open || d.State == Failed || d.State == Bounced
	case SaysTaken:
		return Accepted, open && d.State != Accepted && d.State != Claimed
	case SaysFailed:
		return Failed, d.State == Accepted
	case SaysBounced:
		return Bounced, d.State == Accepted
	}
	return d.State, false
}
