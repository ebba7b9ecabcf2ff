package audience

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

func TestPhonesBecomeOneSpelling(t *testing.T) {
	for _, c := range []struct{ typed, region, want string }{
		{"030 901820", "DE", "+4930901820"},
		{"+49 (0)30 / 90 18 20", "", "+4930901820"},
		{"0049 30 901820", "ES", "+4930901820"},
		{"(650) 253-0000", "US", "+16502530000"},
		{"0812-3456-7890", "ID", "+6281234567890"},
		{"0912 345 678", "TW", "+886912345678"},
		{"+34 612 34 56 78", "", "+34612345678"},
		{"030 901820", "", ""},
		{"+49 30", "", ""},
		{"+1 650 253 0000 ext. 12", "", ""},
		{"call me", "DE", ""},
		{"+4930901820\r\nRCPT", "", ""},
		{"", "DE", ""},
	} {
		got, refused := ParsePhone(c.typed, c.region)
		if string(got) != c.want || (refused != nil) != (c.want == "") {
			t.Errorf("ParsePhone(%q, %q) = %q, %v, want %q", c.typed, c.region, got, refused, c.want)
		}
	}
}

func TestEveryFormOfAddressKnowsItsKeyAndMask(t *testing.T) {
	for _, c := range []struct{ address, key, domain, masked string }{
		{"Ann@Example.COM", "ann@example.com", "example.com", "A…@Example.COM"},
		{"ann@bücher.example", "ann@xn--bcher-kva.example", "xn--bcher-kva.example", "a…@bücher.example"},
		{"+ann@example.com", "+ann@example.com", "example.com", "+…@example.com"},
		{"+4930901820", "+4930901820", "+49", "+49…20"},
		{"+16502530000", "+16502530000", "+1", "+1…00"},
		{"+886912345678", "+886912345678", "+886", "+886…78"},
		{"https://Hooks.Example.com/T0/Secret?x=Y", "https://hooks.example.com/T0/Secret?x=Y", "hooks.example.com", "https://Hooks.Example.com/…"},
		{"", "", "", ""},
	} {
		a := Address(c.address)
		if a.Key() != c.key || a.Domain() != c.domain || a.Masked() != c.masked || a.LogValue().String() != c.masked {
			t.Errorf("%q: key %q, domain %q, masked %q; want %q, %q, %q", a, a.Key(), a.Domain(), a.Masked(), c.key, c.domain, c.masked)
		}
	}
}

func TestARegionIsToldByTheNumber(t *testing.T) {
	for a, want := range map[Address]string{"+4930901820": "DE", "+16502530000": "US", "+886912345678": "TW", "ann@example.com": ""} {
		if got := a.Region(); got != want {
			t.Errorf("%s is of %q, want %q", a, got, want)
		}
	}
}

func TestOnlyHTTPSAddressesOfMachinesAreTaken(t *testing.T) {
	for typed, want := range map[string]string{
		"https://hooks.example.com/T0/x":        "https://hooks.example.com/T0/x",
		" https://hooks.example.com/x#part ":    "https://hooks.example.com/x",
		"http://hooks.example.com/":             "",
		"https://user:pass@hooks.example.com/":  "",
		"https:///x":                            "",
		"https://hooks.example.com/\r\nHost: x": "",
		"javascript:alert(1)":                   "",
		"":                                      "",
	} {
		got, refused := ParseURL(typed)
		if string(got) != want || (refused != nil) != (want == "") {
			t.Errorf("ParseURL(%q) = %q, %v, want %q", typed, got, refused, want)
		}
	}
}

// What is found valid without being taken apart is what would have come of taking it apart, in every country.
func TestAWholeNumberIsWhatTakingItApartGives(t *testing.T) {
	t.Parallel()
	found := 0
	for code := range phonenumbers.GetSupportedCallingCodes() {
		for n := range 300 {
			typed := fmt.Sprintf("+%d", code)
			if n%2 == 0 { // near to one that is given out
				typed = example(code, n)
			}
			for len(typed) < 8+n%9 {
				typed += fmt.Sprint(rand.IntN(10))
			}
			if !whole(typed) {
				continue
			}
			found++
			if a, ok := read(typed, ""); !ok || string(a) != typed {
				t.Errorf("%s is taken apart as %q, %v", typed, a, ok)
			}
		}
	}
	if found < 5000 {
		t.Errorf("only %d numbers were valid: this proves little", found)
	}
}

// example is a number of a country that has some of its digits changed.
func example(code, n int) string {
	regions := phonenumbers.GetRegionCodesForCountryCode(code)
	number := phonenumbers.GetExampleNumberForType(regions[n%len(regions)], phonenumbers.PhoneNumberType(n%11))
	if number == nil {
		return fmt.Sprintf("+%d", code)
	}
	digits := []byte(phonenumbers.Format(number, phonenumbers.E164))
	for range n % 5 {
		digits[len(digits)-1-rand.IntN(5)] = byte('0' + rand.IntN(10))
	}
	return strings.TrimSpace(string(digits))
}
