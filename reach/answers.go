package reach

import "strings"

type answer struct {
	outcome Outcome
	reason  string
}

type wording struct {
	parts   []string // any of these, lower case
	outcome Outcome
	reason  string
}

func byWords(table []wording, text string) (wording, bool) {
	for _, w := range table {
		for _, p := range w.parts {
			if strings.Contains(text, p) {
				return w, true
			}
		}
	}
	return wording{}, false
}

// byDetail holds the enhanced codes that mean one thing (RFC 3463, its registry, and Microsoft's list), without their class.
var byDetail = map[string]answer{
	"1.1":  {Permanent, ReasonNoMailbox},
	"1.2":  {Permanent, ReasonNoDomain},
	"1.3":  {Permanent, ReasonBadAddress},
	"1.4":  {Permanent, ReasonNoMailbox},
	"1.6":  {Permanent, ReasonMoved},
	"1.7":  {Refused, ReasonSenderAddress},
	"1.8":  {Refused, ReasonSenderAddress},
	"1.10": {Permanent, ReasonNoDomain}, // a null MX (RFC 7505); at Microsoft an unknown recipient: a hard bounce either way
	"2.1":  {Permanent, ReasonMailboxOff},
	"2.2":  {Temporary, ReasonMailboxFull},
	"2.3":  {Poison, ReasonTooLarge},
	"3.2":  {Refused, ReasonReceiverFault},
	"3.4":  {Poison, ReasonTooLarge},
	"3.5":  {Refused, ReasonReceiverFault},
	"4.1":  {Permanent, ReasonNoMailbox}, // Exchange Online's "Recipient address rejected: Access denied"
	"4.4":  {Permanent, ReasonNoDomain},
	"4.5":  {Temporary, ReasonBusy},
	"4.6":  {Permanent, ReasonLoop},
	"4.7":  {Temporary, ReasonExpired},
	"4.14": {Permanent, ReasonLoop},
	"5.1":  {Refused, ReasonProtocol},
	"5.2":  {Refused, ReasonProtocol},
	"5.3":  {Temporary, ReasonRateLimited},
	"5.4":  {Refused, ReasonProtocol},
	"6.0":  {Poison, ReasonBadContent},
	"6.1":  {Poison, ReasonBadContent},
	"6.2":  {Poison, ReasonBadContent},
	"6.3":  {Poison, ReasonBadContent},
	"6.7":  {Permanent, ReasonBadAddress}, // the address needs SMTPUTF8 and a hop has none
	"7.8":  {Refused, ReasonLogin},
	"7.9":  {Refused, ReasonLogin},
	"7.20": {Refused, ReasonUnproven},
	"7.21": {Refused, ReasonUnproven},
	"7.22": {Refused, ReasonUnproven},
	"7.23": {Refused, ReasonUnproven},
	"7.25": {Refused, ReasonUnproven},
	"7.26": {Refused, ReasonUnproven},
	"7.27": {Refused, ReasonSenderAddress}, // the sender's domain has a null MX
	"7.28": {Refused, ReasonRateLimited},
	"7.29": {Refused, ReasonUnproven},
	"7.30": {Refused, ReasonUnproven},

	"4.300": {Temporary, ReasonExpired},
	"4.310": {Permanent, ReasonNoDomain},
	"4.312": {Temporary, ReasonBusy},
	"4.316": {Temporary, ReasonBusy},
	"7.509": {Refused, ReasonUnproven},
	"7.515": {Refused, ReasonUnproven},
	"7.511": {Refused, ReasonBlocked},
	"7.57":  {Refused, ReasonLogin},
	"7.64":  {Refused, ReasonRelay},
	"7.705": {Refused, ReasonRateLimited},
	"7.708": {Refused, ReasonBlocked},
}

// sharper holds the words that turn a clear code into another: codes that some servers use for more than one thing.
var sharper = map[string][]wording{
	"1.10": {{[]string{"not found", "recipientnotfound", "unknown"}, Permanent, ReasonNoMailbox}},
	"2.1":  {{[]string{"too quickly", "at a rate"}, Temporary, ReasonRateLimited}}, // Gmail: this user receives too much right now
	"5.1":  {{[]string{"authentication required", "must authenticate"}, Refused, ReasonLogin}},
}

// trust sorts what comes under 5.7.x and its like; nearly all of it is the sender's to mend.
var trust = []wording{
	{[]string{"greylist", "graylist", "grey list"}, Temporary, ReasonGreylisted},
	{[]string{"relay"}, Refused, ReasonRelay},
	{[]string{"spf", "dkim", "dmarc", "unauthenticated", "not authenticated", "reverse dns", "ptr record"}, Refused, ReasonUnproven},
	{[]string{"authentication required", "authentication failed", "credentials"}, Refused, ReasonLogin},
	{[]string{"rate limit", "too many", "unusual rate", "volume"}, Refused, ReasonRateLimited},
	{[]string{"spamhaus", "blocked", "block list", "blocklist", "blacklist", "denylist", "banned", "reputation", "rbl", "dnsbl", "is listed", "listed by", "listed on", "listed at"}, Refused, ReasonBlocked},
	{[]string{"spam", "policy", "prohibited", "unsolicited", "not authorized", "access denied", "content rejected"}, Refused, ReasonPolicy},
	{[]string{"try again later", "busy", "temporary"}, Temporary, ReasonBusy},
}

// words judge an answer whose code says nothing. The sender's troubles come first: taking one of them for a hard bounce would silence a
// customer who can be reached, taking a dead address for a refusal only costs an alarm.
var words = append(append([]wording{}, trust...),
	wording{[]string{"over quota", "quota exceeded", "exceeded storage", "mailbox full", "mailbox is full", "insufficient storage", "overquota"}, Temporary, ReasonMailboxFull},
	wording{[]string{"too large", "size limit", "exceeds size", "message size", "too big"}, Poison, ReasonTooLarge},
	wording{[]string{"disabled", "inactive", "suspended", "deactivated", "discontinued"}, Permanent, ReasonMailboxOff},
	wording{[]string{"does not accept mail", "domain not found", "host not found", "no such domain", "nullmx", "null mx"}, Permanent, ReasonNoDomain},
	wording{[]string{
		"user unknown", "unknown user", "no such user", "no such recipient", "no such mailbox", "not exist", "doesn't have", "not found",
		"unknown recipient", "invalid recipient", "recipient rejected", "recipient address rejected", "mailbox unavailable", "invalid mailbox",
		"no mailbox here", "unknown or illegal alias", "user not known", "address unknown", "recipient unknown", "no longer",
	}, Permanent, ReasonNoMailbox},
	wording{[]string{"timed out", "timeout", "temporarily unavailable", "shutting down"}, Temporary, ReasonBusy},
)

// bySubject is the last word of an enhanced code whose detail is unknown.
var bySubject = map[string]answer{
	"1": {Permanent, ReasonNoMailbox},
	"2": {Permanent, ReasonMailboxOff},
	"3": {Refused, ReasonReceiverFault},
	"4": {Temporary, ReasonBusy},
	"5": {Refused, ReasonProtocol},
	"6": {Poison, ReasonBadContent},
	"7": {Refused, ReasonPolicy},
}

// byCode is for servers without enhanced codes (RFC 5321 §4.2.3).
var byCode = map[int]answer{
	421: {Temporary, ReasonBusy},
	450: {Temporary, ReasonBusy},
	451: {Temporary, ReasonReceiverFault},
	452: {Temporary, ReasonRateLimited},
	454: {Temporary, ReasonLogin},
	500: {Refused, ReasonProtocol},
	501: {Refused, ReasonProtocol},
	502: {Refused, ReasonProtocol},
	503: {Refused, ReasonProtocol},
	504: {Refused, ReasonProtocol},
	521: {Permanent, ReasonNoDomain},
	530: {Refused, ReasonLogin},
	534: {Refused, ReasonLogin},
	535: {Refused, ReasonLogin},
	538: {Refused, ReasonLogin},
	550: {Permanent, ReasonNoMailbox},
	551: {Permanent, ReasonMoved},
	552: {Temporary, ReasonMailboxFull},
	553: {Permanent, ReasonBadAddress},
	554: {Refused, ReasonUnspecified},
	555: {Refused, ReasonProtocol},
	556: {Permanent, ReasonNoDomain},
}
