package settings

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func texts() SMS {
	return SMS{
		Home: "DE", Countries: []string{"AT", "US"}, Currency: "EUR", Prices: map[string]int64{"": 9, "US": 1},
		Broadcast: Purse{Total: 10_000, Country: 5_000}, Codes: Purse{Total: 500, Country: 500},
		Order: map[string][]string{"US": {"us", "house"}, "": {"house"}},
		Providers: []SMSProvider{
			{Name: "us", Kind: Twilio, User: "AC1", Secret: "token", From: "+14155550100", Froms: map[string]string{"DE": "Harbour"}},
			{Name: "house", Kind: Gateway, URL: "http://127.0.0.1:13013/cgi-bin/sendsms?username={user}&password={secret}&to={to}&text={text}", Method: "GET", User: "u", Secret: "s", Taken: "^0:"},
		},
	}
}

func TestGoodTextSettingsPass(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]SMS{"none": {}, "two providers": texts()} {
		if wrong := s.check(); len(wrong) != 0 {
			t.Errorf("%s: %v", name, wrong)
		}
	}
}

func TestEveryFaultOfTextSettingsIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	s := texts()
	s.Home, s.Countries = "Germany", []string{"AT", "AT"}
	s.Currency, s.Prices = "EURO", map[string]int64{"AT": 0}
	s.Broadcast, s.Codes = Purse{Total: 1, Country: 2}, Purse{}
	s.Order = map[string][]string{"US": {"nobody"}}
	s.Revoke, s.InDoubt = "some", "maybe"
	s.Providers = []SMSProvider{
		{Name: "Big Name", Kind: "pigeon"},
		{Name: "us", Kind: Twilio, From: "a name that is far too long", URL: "ftp://x"},
		{Name: "us", Kind: Gateway, Method: "PUT", URL: "https://{to}.example/{text}", Headers: map[string]string{"A b": "x", "Content-Type": "application/json"}, Body: `{"to":{to},{env}`, Success: []int{302}, Taken: "(", ID: "(a)(b)"},
	}
	var fields []string
	for _, p := range s.check() {
		fields = append(fields, p.Field)
	}
	slices.Sort(fields)
	want := []string{
		"sms.broadcast", "sms.codes", "sms.countries", "sms.currency", "sms.in_doubt", "sms.order", "sms.prices", "sms.providers",
		"sms.providers.Big Name.kind", "sms.providers.us.body", "sms.providers.us.from", "sms.providers.us.headers", "sms.providers.us.id",
		"sms.providers.us.method", "sms.providers.us.name", "sms.providers.us.success", "sms.providers.us.taken", "sms.providers.us.url", "sms.providers.us.user", "sms.revoke",
	}
	for _, field := range want {
		if !slices.Contains(fields, field) {
			t.Errorf("%s is not among the faults: %v", field, fields)
		}
	}
}

func TestAPlaceholderNeverChoosesAHost(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"https://{to}/?t={text}", "https://gate.example:{id}/?to={to}&t={text}", "https://{user}@gate.example/{to}{text}", "https://a:b@gate.example/{to}{text}",
		"//gate.example/{to}{text}", "https:///{to}{text}", "https://gate.example/{to}{text}#x", "javascript:{to}{text}", "https://gate.example/{to}", "https://gate.example/\r\n{to}{text}",
	} {
		s := texts()
		s.Providers[1].URL = bad
		if len(s.check()) == 0 {
			t.Errorf("%q passes", bad)
		}
	}
}

func TestASecretIsTakenBackForTheSameAddressOnly(t *testing.T) {
	t.Parallel()
	stored := Settings{SMS: texts()}
	shown := stored.Masked()
	for _, p := range shown.SMS.Providers {
		if p.Secret != Hidden {
			t.Errorf("%s shows %q", p.Name, p.Secret)
		}
	}
	if stored.SMS.Providers[0].Secret != "token" {
		t.Fatal("masking changed what is stored")
	}
	if diff := cmp.Diff(stored.SMS, shown.Unmasked(stored).SMS); diff != "" {
		t.Error(diff)
	}
	shown.SMS.Providers[1].URL = strings.Replace(shown.SMS.Providers[1].URL, "127.0.0.1", "evil.example", 1)
	if got := shown.Unmasked(stored).SMS.Providers[1].Secret; got != "" {
		t.Errorf("another host is told the secret %q", got)
	}
	if got := stored.Recorded().SMS.Providers[0].Secret; got != Hidden {
		t.Errorf("the audit keeps %q", got)
	}
}

func TestProvidersAreTriedInACountrysOrder(t *testing.T) {
	t.Parallel()
	s := texts()
	for country, want := range map[string][]string{"US": {"us", "house"}, "DE": {"house"}} {
		var got []string
		for _, p := range s.For(country) {
			got = append(got, p.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", country, diff)
		}
	}
	if s.Price("US").Minor != 1 || s.Price("AT").Minor != 9 || s.Allows("FR") || s.Allows("") || !s.Allows("DE") {
		t.Error("prices or countries are not what was said")
	}
	if p, _ := s.Provider("us"); p.Sender("DE") != "Harbour" || p.Sender("AT") != "+14155550100" {
		t.Error("a country's sender is not used there")
	}
}
