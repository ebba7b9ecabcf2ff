package audience

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"candor/problem"
)

// ParsePhone takes a phone number as people write it and answers it in E.164. region is the country (ISO 3166, "DE") whose way of dialling
// is meant where the number has no country code; empty if only whole numbers will do. Numbers that no network of that country gives out
// are refused: a message to them costs money and reaches nobody.
func ParsePhone(typed, region string) (Address, *problem.Problem) {
	typed = strings.TrimSpace(typed)
	refused := problem.Field("phone", "problem.phone", "typed", typed)
	if len(typed) > 40 || strings.IndexFunc(typed, control) >= 0 {
		return "", refused
	}
	if strings.HasPrefix(typed, "00") {
		typed = "+" + typed[2:] // how most of the world dials out; libphonenumber knows it only for a region
	}
	if whole(typed) {
		return Address(typed), nil
	}
	if a, ok := read(typed, region); ok {
		return a, nil
	}
	return "", refused
}

// read understands a number as it is written in a country.
func read(typed, region string) (Address, bool) {
	number, err := phonenumbers.Parse(typed, strings.ToUpper(region))
	if err != nil || !phonenumbers.IsValidNumber(number) || number.GetExtension() != "" {
		return "", false
	}
	return Address(phonenumbers.Format(number, phonenumbers.E164)), true
}

// whole reports whether a number is in E.164 and given out, as most are in the file of a company: then there is nothing to understand. To
// take a number apart that may be written in any way takes four times as long as to look whether it is valid.
func whole(typed string) bool {
	digits, plus := strings.CutPrefix(typed, "+")
	if !plus || len(digits) < 7 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return false
	}
	code := callingCode(digits)
	national := digits[len(code):]
	country, err := strconv.ParseInt(code, 10, 32)
	rest, err2 := strconv.ParseUint(national, 10, 64)
	if err != nil || err2 != nil || national[0] == '0' { // a leading zero is kept in some countries and dropped in others
		return false
	}
	return phonenumbers.IsValidNumber(&phonenumbers.PhoneNumber{CountryCode: new(int32(country)), NationalNumber: &rest})
}

// IsPhone reports whether it is a phone number.
func (a Address) IsPhone() bool { return a.phone() }

// Region is the country (ISO 3166) a phone number belongs to, empty if it is none or of several. Providers and prices go by it.
func (a Address) Region() string {
	if !a.phone() {
		return ""
	}
	number, err := phonenumbers.Parse(string(a), "")
	if err != nil {
		return ""
	}
	return phonenumbers.GetRegionCodeForNumber(number)
}

// callingCode is the country code that E.164 digits begin with. ITU-T E.164 gives out codes of one digit to two zones, codes of two digits
// as listed, and else of three.
func callingCode(digits string) string {
	switch {
	case digits == "" || digits[0] == '1' || digits[0] == '7':
		return digits[:min(1, len(digits))]
	case len(digits) < 2:
		return digits
	}
	const two = " 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 "
	if strings.Contains(two, " "+digits[:2]+" ") {
		return digits[:2]
	}
	return digits[:min(3, len(digits))]
}

// ParseURL takes the https address of a webhook, a push endpoint or a chat room. Whether something may be sent there at all is for the
// dialer to decide, when it knows which machine the name means (B1).
func ParseURL(typed string) (Address, *problem.Problem) {
	typed = strings.TrimSpace(typed)
	refused := problem.Field("url", "problem.url", "typed", typed)
	if len(typed) > 2048 || strings.IndexFunc(typed, control) >= 0 || strings.ContainsAny(typed, " \"<>\\") {
		return "", refused
	}
	u, err := url.Parse(typed)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return "", refused
	}
	u.Fragment, u.RawFragment = "", ""
	return Address(u.String()), nil
}
