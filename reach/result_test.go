package reach

import (
	"regexp"
	"strconv"
	"testing"
)

// Answers as servers send them, gathered from postmaster documentation and RFC 3463.
var answers = []struct {
	answer string
	want   Outcome
	reason string
}{
	{"250 2.0.0 OK 1353518400 a1si123", Taken, ReasonAccepted},
	{"250 2.1.5 <x@example.com>... Recipient ok", Taken, ReasonAccepted},

	{"550 5.1.1 The email account that you tried to reach does not exist", Permanent, ReasonNoMailbox},
	{"550 5.1.1 <x@example.com>: Recipient address rejected: User unknown in virtual mailbox table", Permanent, ReasonNoMailbox},
	{"550 5.1.1 RESOLVER.ADR.RecipNotFound; not found", Permanent, ReasonNoMailbox},
	{"550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", Permanent, ReasonNoMailbox},
	{"556 5.1.10 Domain does not accept mail (nullMX)", Permanent, ReasonNoDomain},
	{"553 5.1.2 We weren't able to find the recipient domain", Permanent, ReasonNoDomain},
	{"553 5.1.3 The recipient address is not a valid RFC-5321 address", Permanent, ReasonBadAddress},
	{"550 5.1.4 Recipient address reserved by RFC 2606", Permanent, ReasonNoMailbox},
	{"551 5.1.6 Recipient no longer on server", Permanent, ReasonMoved},
	{"553 5.1.7 Sender address syntax error", Refused, ReasonSenderAddress},
	{"553 5.1.8 Sender address rejected: Domain not found", Refused, ReasonSenderAddress},
	{"550 5.1.0 Address rejected", Permanent, ReasonNoMailbox},
	{"550 5.2.1 The email account that you tried to reach is disabled", Permanent, ReasonMailboxOff},
	{"550 5.2.1 The user you are trying to contact is receiving mail too quickly", Temporary, ReasonRateLimited},
	{"552 5.2.2 The email account that you tried to reach is over quota", Temporary, ReasonMailboxFull},
	{"554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException", Temporary, ReasonMailboxFull},
	{"452 4.2.2 The recipient's inbox is out of storage space", Temporary, ReasonMailboxFull},
	{"552 5.2.3 Message length exceeds administrative limit", Poison, ReasonTooLarge},
	{"554 5.3.2 STOREDRV.Deliver; Mailbox server not accepting messages", Refused, ReasonReceiverFault},
	{"552 5.3.4 Message size exceeds fixed maximum message size", Poison, ReasonTooLarge},
	{"552 5.3.4 Your message exceeded Google's message size limits", Poison, ReasonTooLarge},
	{"550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", Permanent, ReasonNoMailbox},
	{"550 5.4.4 Unable to route: no mail hosts for domain", Permanent, ReasonNoDomain},
	{"554 5.4.6 Hop count exceeded - possible mail loop", Permanent, ReasonLoop},
	{"550 5.4.310 DNS domain example.com does not exist", Permanent, ReasonNoDomain},
	{"550 5.4.300 Message expired", Temporary, ReasonExpired},
	{"503 5.5.1 Bad sequence of commands", Refused, ReasonProtocol},
	{"501 5.5.4 Invalid arguments", Refused, ReasonProtocol},
	{"452 4.5.3 Too many recipients", Temporary, ReasonRateLimited},
	{"550 5.5.3 Too many recipients", Temporary, ReasonRateLimited},
	{"554 5.6.0 Message content is malformed", Poison, ReasonBadContent},
	{"550 5.6.7 SMTPUTF8 is required, but was not offered", Permanent, ReasonBadAddress},

	{"550 5.7.1 Our system has detected that this message is likely unsolicited mail", Refused, ReasonPolicy},
	{"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", Refused, ReasonBlocked},
	{"550 5.7.1 Unable to relay", Refused, ReasonRelay},
	{"554 5.7.1 <x@example.com>: Relay access denied", Refused, ReasonRelay},
	{"550 5.7.1 Unauthenticated email from example.com is not accepted due to domain's DMARC policy", Refused, ReasonUnproven},
	{"550 5.7.0 Mail relaying denied", Refused, ReasonRelay},
	{"530 5.7.0 Authentication Required", Refused, ReasonLogin},
	{"535 5.7.8 Username and Password not accepted", Refused, ReasonLogin},
	{"550 5.7.23 The message was rejected because of Sender Policy Framework violation", Refused, ReasonUnproven},
	{"550 5.7.25 The IP address sending this message does not have a PTR record", Refused, ReasonUnproven},
	{"550 5.7.26 This mail has been blocked because the sender is unauthenticated", Refused, ReasonUnproven},
	{"550 5.7.27 Sender address has null MX", Refused, ReasonSenderAddress},
	{"550 5.7.30 DKIM authentication didn't pass", Refused, ReasonUnproven},
	{"550 5.7.509 Access denied, sending domain does not pass DMARC verification", Refused, ReasonUnproven},
	{"550 5.7.515 Access denied, sending domain doesn't meet the required authentication level", Refused, ReasonUnproven},
	{"550 5.7.511 Access denied, banned sender", Refused, ReasonBlocked},
	{"550 5.7.606 Access denied, banned sending IP [192.0.2.1]", Refused, ReasonBlocked},
	{"550 5.7.708 Access denied, traffic not accepted from this IP", Refused, ReasonBlocked},
	{"550 5.7.57 Client not authenticated to send mail", Refused, ReasonLogin},
	{"550 5.7.64 TenantAttribution; Relay Access Denied", Refused, ReasonRelay},
	{"550 5.7.133 Sender not authenticated for this group", Refused, ReasonUnproven},

	{"421 4.3.2 System not accepting network messages", Temporary, ReasonReceiverFault},
	{"421 4.7.0 Temporary System Problem. Try again later", Temporary, ReasonBusy},
	{"421 4.7.28 Our system has detected an unusual rate of unsolicited mail", Temporary, ReasonRateLimited},
	{"421 4.7.26 This mail has been rate limited because it is unauthenticated", Temporary, ReasonUnproven},
	{"421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints", Temporary, ReasonRateLimited},
	{"450 4.2.0 <x@example.com>: Recipient address rejected: Greylisted, see postgrey.schweikert.ch", Temporary, ReasonGreylisted},
	{"451 4.7.1 Greylisting in action, please come back later", Temporary, ReasonGreylisted},
	{"451 4.7.500 Server busy. Please try again later", Temporary, ReasonBusy},
	{"450 4.1.1 <x@example.com>: Recipient address rejected: unverified address", Temporary, ReasonNoMailbox},
	{"450 4.1.8 Sender address rejected: Domain not found", Temporary, ReasonSenderAddress},
	{"451 4.4.1 Connection timed out", Temporary, ReasonBusy},
	{"454 4.7.0 TLS not available due to local problem", Temporary, ReasonPolicy},
	{"421 Service not available, closing transmission channel", Temporary, ReasonBusy},
	{"451 Requested action aborted: local error in processing", Temporary, ReasonReceiverFault},
	{"452 Requested action not taken: insufficient system storage", Temporary, ReasonRateLimited},

	{"550 Requested action not taken: mailbox unavailable", Permanent, ReasonNoMailbox},
	{"550 No such user here", Permanent, ReasonNoMailbox},
	{"550 Rejected because 192.0.2.1 is listed at bl.spamcop.net", Refused, ReasonBlocked},
	{"550 SPF check failed", Refused, ReasonUnproven},
	{"550 relay not permitted", Refused, ReasonRelay},
	{"551 User not local; please try another path", Permanent, ReasonMoved},
	{"552 Requested mail action aborted: exceeded storage allocation", Temporary, ReasonMailboxFull},
	{"552 Message too large", Poison, ReasonTooLarge},
	{"553 Requested action not taken: mailbox name not allowed", Permanent, ReasonBadAddress},
	{"553 sorry, that domain isn't in my list of allowed rcpthosts; no relay", Refused, ReasonRelay},
	{"554 delivery error: dd This user doesn't have a yahoo.com account", Permanent, ReasonNoMailbox},
	{"554 30 Sorry, your message cannot be delivered. This mailbox is disabled", Permanent, ReasonMailboxOff},
	{"554 Transaction failed", Refused, ReasonUnspecified},
	{"554 Message rejected under suspicion of SPAM", Refused, ReasonPolicy},
	{"521 Host does not accept mail", Permanent, ReasonNoDomain},
	{"530 Must issue a STARTTLS command first", Refused, ReasonLogin},
	{"535 Authentication failed", Refused, ReasonLogin},
	{"500 Command not recognized", Refused, ReasonProtocol},
	{"555 MAIL FROM/RCPT TO parameters not recognized", Refused, ReasonProtocol},
	{"550 5.0.0 Mail rejected", Permanent, ReasonNoMailbox},
}

func TestClassifyReadsRealAnswers(t *testing.T) {
	if len(answers) < 60 {
		t.Fatalf("%d answers, want at least 60", len(answers))
	}
	form := regexp.MustCompile(`^(\d{3}) (?:(\d\.\d+\.\d+) )?(.*)$`)
	for _, a := range answers {
		m := form.FindStringSubmatch(a.answer)
		code, _ := strconv.Atoi(m[1])
		got, reason := Classify(code, m[2], m[3])
		if got != a.want || reason != a.reason {
			t.Errorf("%s\n got %s, %s\nwant %s, %s", a.answer, got, reason, a.want, a.reason)
		}
	}
}

func TestClassifyReadsABounceThatHasOnlyAStatus(t *testing.T) {
	for status, want := range map[string]Outcome{"5.1.1": Permanent, "4.2.2": Temporary, "5.2.2": Temporary, "5.7.515": Refused, "2.0.0": Taken, "": Temporary} {
		if got, reason := Classify(0, status, ""); got != want || reason == "" {
			t.Errorf("status %q is %s (%s), want %s", status, got, reason, want)
		}
	}
}

// A bounce is sent by a stranger: whatever it holds, it gets an outcome.
func FuzzClassify(f *testing.F) {
	for _, a := range []string{"5.1.1", "5", "5.", "5..", "x.y.z", "5.1", "9.9.9"} {
		f.Add(550, a, "text")
	}
	f.Fuzz(func(t *testing.T, code int, enhanced, text string) {
		outcome, reason := Classify(code, enhanced, text)
		if outcome == "" || reason == "" {
			t.Errorf("Classify(%d, %q, %q) = %q, %q", code, enhanced, text, outcome, reason)
		}
	})
}
