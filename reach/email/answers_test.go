package email

import (
	"strings"

	"candor/reach"
)

// worstDays are one server each, on its worst day.
var worstDays = []struct {
	name    string
	answers map[string][]string
	want    reach.Result
}{
	{
		"a relay takes the letter", nil,
		reach.Result{Outcome: reach.Taken, Code: "2.0.0", Reason: reach.ReasonAccepted, ProviderID: "4XZ1k3"},
	},
	{
		"421 instead of an answer to MAIL",
		map[string][]string{"MAIL": {"421 4.7.0 come back later"}},
		reach.Result{Outcome: reach.Temporary, Code: "4.7.0", Reason: reach.ReasonPolicy, Broken: true},
	},
	{
		"the sender is refused at MAIL as if it were a mailbox",
		map[string][]string{"MAIL": {"550 no such user"}, "RCPT": {"503 5.5.1 MAIL first"}, "DATA": {"503 5.5.1 MAIL first"}},
		reach.Result{Outcome: reach.Refused, Code: "550", Reason: reach.ReasonSenderAddress},
	},
	{
		"a login is missing",
		map[string][]string{"MAIL": {"530 5.7.0 Authentication required"}, "RCPT": {"530 5.7.0 no"}, "DATA": {"530 5.7.0 no"}},
		reach.Result{Outcome: reach.Refused, Code: "5.7.0", Reason: reach.ReasonLogin},
	},
	{
		"greylisted at RCPT",
		map[string][]string{"RCPT": {"451 4.7.1 Greylisted"}, "DATA": {"554 5.5.1 no valid recipients"}},
		reach.Result{Outcome: reach.Temporary, Code: "4.7.1", Reason: reach.ReasonGreylisted},
	},
	{
		"the mailbox is full",
		map[string][]string{"RCPT": {"552 5.2.2 over quota"}, "DATA": {"554 5.5.1 no valid recipients"}},
		reach.Result{Outcome: reach.Temporary, Code: "5.2.2", Reason: reach.ReasonMailboxFull},
	},
	{
		"nobody there",
		map[string][]string{"RCPT": {"550 5.1.1 no such user"}, "DATA": {"554 5.5.1 no valid recipients"}},
		reach.Result{Outcome: reach.Permanent, Code: "5.1.1", Reason: reach.ReasonNoMailbox},
	},
	{
		"nobody there, yet the server wants the content",
		map[string][]string{"RCPT": {"550 5.1.1 no such user"}, ".": {"554 5.5.1 no valid recipients"}},
		reach.Result{Outcome: reach.Permanent, Code: "5.1.1", Reason: reach.ReasonNoMailbox},
	},
	{
		"nobody there, said in three lines",
		map[string][]string{"RCPT": {"550-5.1.1 The account\r\n550-5.1.1 does not\r\n550 5.1.1 exist"}, "DATA": {"554 5.5.1 no valid recipients"}},
		reach.Result{Outcome: reach.Permanent, Code: "5.1.1", Reason: reach.ReasonNoMailbox},
	},
	{
		"refused at DATA",
		map[string][]string{"DATA": {"451 4.3.0 disk trouble"}},
		reach.Result{Outcome: reach.Temporary, Code: "4.3.0", Reason: reach.ReasonReceiverFault},
	},
	{
		"spam, after the content",
		map[string][]string{".": {"550 5.7.1 looks like spam"}},
		reach.Result{Outcome: reach.Refused, Code: "5.7.1", Reason: reach.ReasonPolicy},
	},
	{
		"not authenticated, after the content",
		map[string][]string{".": {"550 5.7.515 Access denied"}},
		reach.Result{Outcome: reach.Refused, Code: "5.7.515", Reason: reach.ReasonUnproven},
	},
	{
		"nobody there, after the content",
		map[string][]string{".": {"550 5.1.1 no such user"}},
		reach.Result{Outcome: reach.Permanent, Code: "5.1.1", Reason: reach.ReasonNoMailbox},
	},
	{
		"greylisted after the content",
		map[string][]string{".": {"451 greylisted"}},
		reach.Result{Outcome: reach.Temporary, Code: "451", Reason: reach.ReasonGreylisted},
	},
	{
		"421 after the content",
		map[string][]string{".": {"421 4.3.2 shutting down"}},
		reach.Result{Outcome: reach.Temporary, Code: "4.3.2", Reason: reach.ReasonReceiverFault, Broken: true},
	},
	{
		"cut instead of an answer to MAIL",
		map[string][]string{"MAIL": {"CUT"}},
		reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonCutBefore, Broken: true},
	},
	{
		"reset at RCPT",
		map[string][]string{"RCPT": {"RESET"}},
		reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonCutBefore, Broken: true},
	},
	{
		"cut at DATA",
		map[string][]string{"DATA": {"CUT"}},
		reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonCutBefore, Broken: true},
	},
	{
		"cut after the dot",
		map[string][]string{".": {"CUT"}},
		reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonCutAfterDot, Broken: true},
	},
	{
		"reset after the dot",
		map[string][]string{".": {"RESET"}},
		reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonCutAfterDot, Broken: true},
	},
	{
		"nonsense instead of an answer",
		map[string][]string{"RCPT": {"HTTP/1.1 400 Bad Request"}},
		reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonProtocol, Broken: true},
	},
	{
		"an answer that changes its mind",
		map[string][]string{"RCPT": {"550-5.1.1 no such user\r\n250 2.1.5 ok"}},
		reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonProtocol, Broken: true},
	},
	{
		"an answer without end",
		map[string][]string{"RCPT": {strings.TrimSuffix(strings.Repeat("250-more\r\n", 101), "\r\n")}},
		reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonProtocol, Broken: true},
	},
	{
		"an answer in one endless line",
		map[string][]string{"RCPT": {"250 " + strings.Repeat("x", 5000)}},
		reach.Result{Outcome: reach.Temporary, Reason: reach.ReasonProtocol, Broken: true},
	},
	{
		"250 to DATA",
		map[string][]string{"DATA": {"250 2.0.0 ok"}},
		reach.Result{Outcome: reach.Temporary, Code: "2.0.0", Reason: reach.ReasonProtocol, Broken: true},
	},
}
