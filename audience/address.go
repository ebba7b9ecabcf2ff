package audience

import (
	"log/slog"
	"net/mail"
	"strings"

	"golang.org/x/net/idna"

	"candor/problem"
)

// An Address is a mail address as its owner wrote it, checked. It masks itself in logs.
type Address string

// ParseAddress takes what a stranger typed. Quoted local parts, comments, control characters and route addresses are refused although
// RFC 5322 allows them: they serve only to smuggle something into a command or a header (B7).
func ParseAddress(typed string) (Address, *problem.Problem) {
	typed = strings.TrimSpace(typed)
	refused := problem.Field("email", "problem.address", "typed", typed)
	if len(typed) > 254 || strings.ContainsAny(typed, "\"\\()<>[]:;, \t\r\n\x00") || strings.IndexFunc(typed, control) >= 0 {
		return "", refused
	}
	local, domain, ok := cutLast(typed, '@')
	if !ok || local == "" || len(local) > 64 || strings.Contains(local, "@") {
		return "", refused
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || !strings.Contains(ascii, ".") || strings.HasSuffix(ascii, ".") {
		return "", refused
	}
	if _, err := mail.ParseAddress(local + "@" + ascii); err != nil {
		return "", refused
	}
	return Address(typed), nil
}

func control(r rune) bool {
	return r < ' ' || r == 0x7f || (r >= 0x80 && r < 0xa0) || r == 0x2028 || r == 0x2029
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	at := strings.LastIndexByte(s, sep)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+1:], true
}

// Key is what makes two spellings the same address: letter case folded, the domain in its ASCII form. One person is one person.
func (a Address) Key() string {
	local, domain, _ := cutLast(string(a), '@')
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		ascii = domain
	}
	return strings.ToLower(local) + "@" + strings.ToLower(ascii)
}

// Domain is the part whose server receives the mail; delivery isolates one domain's trouble from the others by it.
func (a Address) Domain() string {
	_, domain, _ := cutLast(a.Key(), '@')
	return domain
}

// Masked shows enough to recognise an address and too little to write to it.
func (a Address) Masked() string {
	local, domain, _ := cutLast(string(a), '@')
	if len(local) > 1 {
		local = local[:1]
	}
	return local + "…@" + domain
}

// LogValue keeps addresses out of logs.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.Masked()) }
