package reach

import (
	"strings"
	"testing"
)

// V39, B7: what a stranger's headers say stands in a page of ours, and in a header of the answer.
func TestAReplyKeepsNothingOfItsHeadersThatCouldBreakOneOfOurs(t *testing.T) {
	t.Parallel()
	was := Delivery{ID: "dlv_1", Contact: "con_1"}
	for _, c := range []struct{ what, subject, wantSubject, messageID, wantID string }{
		{"an ordinary mail", "Re: Sites", "Re: Sites", "a.b@home.example", "a.b@home.example"},
		{"a second header", "Re: x\r\nBcc: eve@evil.example", "Re: x Bcc: eve@evil.example", "a@b\r\nBcc: c@d", ""},
		{"marks that turn text around", "Re: \u202egnp.exe\u0000", "Re: gnp.exe", "<a@b>", ""},
		{"a name without a place", "\xff\xfe", "\uFFFD", "abc", ""},
		{"a name of another alphabet", "", "", "ä@home.example", ""},
		{"a subject without end", strings.Repeat("ö", 500), strings.Repeat("ö", mostSubject), strings.Repeat("a", mostMessageID) + "@b", ""},
	} {
		x, is := NewReply(Receipt{ID: "rcp_1", Kind: SaysReply}, was, "inc_1", ReturnMail{Subject: c.subject, MessageID: c.messageID, From: c.subject})
		if !is || x.Subject != c.wantSubject || x.Sender != c.wantSubject || x.MessageID != c.wantID || x.Standing != ReplyOpen {
			t.Errorf("%s: %v %+v", c.what, is, x)
		}
	}
}

func TestOnlyCustomersWordsAreReplies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what string
		kind ReceiptKind
		was  Delivery
		want ReplyStanding
	}{
		{"a customer's", SaysReply, Delivery{Contact: "con_1"}, ReplyOpen},
		{"a machine's for a customer", SaysAway, Delivery{Contact: "con_1"}, ReplyAutomatic},
		{"one of ours to a reminder", SaysReply, Delivery{}, ""},
		{"a bounce", SaysBounced, Delivery{Contact: "con_1"}, ""},
		{"STOP", SaysStop, Delivery{Contact: "con_1"}, ""},
	} {
		if x, is := NewReply(Receipt{Kind: c.kind}, c.was, "inc_1", ReturnMail{}); is != (c.want != "") || x.Standing != c.want {
			t.Errorf("%s: %v %q", c.what, is, x.Standing)
		}
	}
}
