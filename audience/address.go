package audience

import (
	"log/slog"
	"net/mail"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"candor/problem"
)

// An Address is where somebody can be reached, checked: a mail address as its owner wrote it, a phone number in E.164 ("+4930901820"), or
// an https URL (a webhook, a browser's push endpoint, a chat room). Its form tells which. It masks itself in logs.
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

// A phone begins with + and holds digits only; no mail address is without @, and none holds a colon.
func (a Address) phone() bool {
	return len(a) > 1 && a[0] == '+' && strings.Trim(string(a[1:]), "0123456789") == ""
}

func (a Address) url() *url.URL {
	if !strings.HasPrefix(string(a), "https://") && !strings.HasPrefix(string(a), "http://") {
		return nil
	}
	u, err := url.Parse(string(a))
	if err != nil {
		return nil
	}
	return u
}

// Key is what makes two spellings the same address: of mail the letter case folded and the domain in its ASCII form, of a URL the case of
// its host. One person is one person. The key of nothing is nothing.
func (a Address) Key() string {
	if a == "" || a.phone() {
		return string(a)
	}
	if u := a.url(); u != nil {
		u.Host = strings.ToLower(u.Host)
		return u.String()
	}
	local, domain, _ := cutLast(string(a), '@')
	return strings.ToLower(local) + "@" + asciiDomain(domain)
}

// asciiDomain leaves plain domains alone: a million of them are imported, and looking for what is not ASCII costs less than IDNA.
func asciiDomain(domain string) string {
	for i := range len(domain) {
		if domain[i] >= 0x80 {
			if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
				return strings.ToLower(ascii)
			}
			break
		}
	}
	return strings.ToLower(domain)
}

// Domain is whose server or network receives it: a mail domain, a URL's host, a phone's country code. Delivery isolates one domain's
// trouble from the others by it.
func (a Address) Domain() string {
	if a.phone() {
		return "+" + callingCode(string(a[1:]))
	}
	if u := a.url(); u != nil {
		return strings.ToLower(u.Hostname())
	}
	_, domain, _ := cutLast(a.Key(), '@')
	return domain
}

// Masked shows enough to recognise an address and too little to write to it.
func (a Address) Masked() string {
	switch u := a.url(); {
	case a == "":
		return ""
	case a.phone():
		return a.Domain() + "…" + string(a[max(len(a)-2, 1):])
	case u != nil:
		return u.Scheme + "://" + u.Host + "/…"
	}
	local, domain, _ := cutLast(string(a), '@')
	if len(local) > 1 {
		local = local[:1]
	}
	return local + "…@" + domain
}

// LogValue keeps addresses out of logs.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.Masked()) }
