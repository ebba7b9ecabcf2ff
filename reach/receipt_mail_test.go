package reach

import (
	"testing"

	"candor/audience"
)

func TestWhatAReceiptByMailDoes(t *testing.T) {
	for _, c := range []struct {
		name     string
		kind     ReceiptKind
		reason   string
		soft     int
		of       State
		becomes  State
		suppress audience.SuppressionReason
	}{
		{"a dead mailbox ends the delivery and silences the address", SaysBounced, ReasonNoMailbox, 0, Accepted, Bounced, audience.HardBounce},
		{"a bounce without a reason ends the delivery and silences nobody", SaysBounced, ReasonUnspecified, 0, Accepted, Failed, ""},
		{"a complaint silences", SaysComplaint, ReasonComplained, 0, Accepted, Complained, audience.Complaint},
		{"a complaint of somebody who had acknowledged, too", SaysComplaint, ReasonComplained, 0, Acknowledged, Complained, audience.Complaint},
		{"who has acknowledged has read it, whatever came back", SaysBounced, ReasonNoMailbox, 0, Acknowledged, "", audience.HardBounce},
		{"an end stays the end", SaysBounced, ReasonNoMailbox, 0, Suppressed, "", audience.HardBounce},
		{"a full mailbox does nothing", SaysSoft, ReasonMailboxFull, 1, Accepted, "", ""},
		{"nor the second time", SaysSoft, ReasonMailboxFull, 2, Accepted, "", ""},
		{"the third time it counts as dead", SaysSoft, ReasonMailboxFull, 3, Accepted, Bounced, audience.HardBounce},
		{"a server that still tries does not", SaysSoft, ReasonDelayed, 3, Accepted, "", ""},
		{"nor does a letter that was too large", SaysSoft, ReasonTooLarge, 3, Accepted, "", ""},
		{"what is our fault keeps the recipient", SaysRefused, ReasonUnproven, 9, Accepted, "", ""},
		{"what says nothing does nothing", SaysUnknown, ReasonNoReason, 9, Accepted, "", ""},
		{"an answering machine does nothing", SaysAway, ReasonAutomatic, 9, Accepted, "", ""},
		{"a person's answer does nothing", SaysReply, "", 9, Accepted, "", ""},
	} {
		becomes, suppress := Receipt{Kind: c.kind, Reason: c.reason}.Consequence(Delivery{State: c.of}, c.soft)
		if becomes != c.becomes || suppress != c.suppress {
			t.Errorf("%s: %q, %q", c.name, becomes, suppress)
		}
	}
}
