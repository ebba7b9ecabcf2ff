package reach

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"candor/audience"
	"candor/id"
	"candor/problem"
)

// longestHook is more than any service's webhook has, and less than what a request line may hold.
const longestHook = 2000

// ParseHook takes the URL of a webhook as somebody typed it, and answers it in one spelling. It refuses early and in words what can be seen
// in the text; what a name leads to is asked again at each connection (Permitted), because only then is it known. http is for networks the
// operator allows, where nobody between could read along.
func ParseHook(typed string, allow ...netip.Prefix) (audience.Address, *problem.Problem) {
	typed = strings.TrimSpace(typed)
	refused, inside := problem.Field("url", "problem.hook"), problem.Field("url", "problem.hook.private")
	// Characters beyond ASCII, backslashes and fragments are where parsers disagree about which host is meant.
	if typed == "" || len(typed) > longestHook || strings.ContainsFunc(typed, misread) {
		return "", refused
	}
	u, err := url.Parse(typed)
	if err != nil || u.Opaque != "" || u.User != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || len(allow) == 0) {
		return "", refused
	}
	port, ok := hookPort(u)
	host := strings.ToLower(u.Hostname())
	if !ok {
		return "", refused
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		if ok, _ := Permitted(netip.AddrPortFrom(ip, port), allow); !ok {
			return "", inside
		}
	} else {
		if strings.Contains(u.Host, "[") || !hostName(host) {
			return "", refused
		}
		if len(allow) == 0 && (!strings.Contains(host, ".") || strings.HasSuffix(host, ".localhost") || !slices.Contains(openPorts, port)) {
			return "", inside
		}
	}
	u.Host = strings.ToLower(u.Host)
	if u.Path == "" {
		u.Path = "/"
	}
	return audience.Address(u.String()), nil
}

// HookSecret is what a receiver's messages are signed with unless it was given one of its own (Contact.Keys): derived, so that an imported
// webhook has one, too, and its owner can read it on their page.
func HookSecret(secret []byte, contact id.Code) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("candor/webhook/" + string(contact)))
	return "whsec_" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func misread(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune("\\#\"<>^`{|}", r)
}

func hookPort(u *url.URL) (port uint16, ok bool) {
	text := u.Port()
	switch {
	case text == "" && strings.HasSuffix(u.Host, ":"):
		return 0, false
	case text == "" && u.Scheme == "http":
		return 80, true
	case text == "":
		return 443, true
	}
	n, err := strconv.ParseUint(text, 10, 16)
	return uint16(n), err == nil && n > 0 && text[0] != '0'
}

// hostName reports whether this is a name as DNS has them. What ends in a number is an address to some resolvers (127.1, 0x7f.1, 017700000001)
// and a name to none.
func hostName(host string) bool {
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	last := labels[len(labels)-1]
	return len(host) <= 253 && strings.Trim(last, "0123456789") != "" && !strings.HasPrefix(last, "0x")
}
