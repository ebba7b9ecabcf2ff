package email

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// CheckAddress says what is wrong with an address a stranger typed, or nil. It is stricter than RFC 5321 on purpose: quoted locals,
// addresses in brackets and names without a dot exist, but nearly everyone who sends one probes for header or command injection or for a
// mailbox of the machine itself.
func CheckAddress(address string) error {
	_, err := parseAddress(address)
	return err
}

// An envelope address as it goes on the wire.
type wireAddress struct {
	text string // local@domain, the domain in ASCII
	utf8 bool   // the local part needs SMTPUTF8
}

func parseAddress(address string) (wireAddress, error) {
	if len(address) > 254 {
		return wireAddress{}, errors.New("address is longer than 254 bytes")
	}
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return wireAddress{}, errors.New("address has no @")
	}
	local, domain := address[:at], address[at+1:]
	if err := checkLocal(local); err != nil {
		return wireAddress{}, err
	}
	ascii, err := checkDomain(domain)
	if err != nil {
		return wireAddress{}, err
	}
	return wireAddress{text: local + "@" + ascii, utf8: !isASCII(local)}, nil
}

// checkLocal accepts a dot-atom (RFC 5321 §4.1.2) with UTF-8 (RFC 6531).
func checkLocal(local string) error {
	switch {
	case local == "":
		return errors.New("address has nothing before the @")
	case len(local) > 64:
		return errors.New("address has more than 64 bytes before the @")
	case local[0] == '.' || local[len(local)-1] == '.' || strings.Contains(local, ".."):
		return errors.New("address has a misplaced dot")
	case !utf8.ValidString(local):
		return errors.New("address is not UTF-8")
	}
	for _, r := range local {
		if r < utf8.RuneSelf && !atext(byte(r)) || r >= utf8.RuneSelf && !mailable(r) {
			return fmt.Errorf("address has %q before the @", r)
		}
	}
	return nil
}

func atext(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte(".!#$%&'*+-/=?^_`{|}~", c) >= 0
}

// mailable refuses what looks like nothing or like something else: controls, spaces, direction marks, private use.
func mailable(r rune) bool {
	return r >= 0xA1 && !strings.ContainsRune("\u00ad\ufeff\ufffd\ufffe\uffff", r) &&
		!(0x2000 <= r && r <= 0x206F) && !(0xE000 <= r && r <= 0xF8FF) && r != 0x3000 && r != 0x1680 && r < 0xE0000
}

// Mail needs the registered form of a name: Lookup refuses what cannot be looked up, such as underscores and bad bidi.
func checkDomain(domain string) (string, error) {
	ascii, err := idna.Lookup.ToASCII(domain)
	if err == nil {
		_, err = idna.Lookup.ToASCII(ascii) // what is not UTF-8 survives one look, and its result does not survive another
	}
	if err != nil || len(ascii) > 253 {
		return "", errors.New("address has no valid domain")
	}
	dot := strings.LastIndexByte(ascii, '.')
	if dot < 0 {
		return "", errors.New("address has a domain without a dot")
	}
	if top := ascii[dot+1:]; top == "" || strings.Trim(top, "0123456789") == "" {
		return "", errors.New("address has no valid domain")
	}
	for label := range strings.SplitSeq(ascii, ".") {
		if label == "" || len(label) > 63 {
			return "", errors.New("address has no valid domain")
		}
	}
	return ascii, nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
