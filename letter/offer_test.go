package letter

import (
	"strings"
	"testing"
	"time"

	"candor/incident"
	"candor/lang"
	"candor/money"
)

// aMonth is GoDaddy's of 2012: a month of each of three sites, redeemed until 19 September, 11:59 pm Pacific.
func aMonth() Offer {
	return Offer{
		News:   resolved(),
		Words:  lang.Text{"en": "On 10 September your three sites were down for 5 hours and 52 minutes. That was our fault, and I am sorry. We give you back a month of each.", "es": "El 10 de septiembre sus tres sitios estuvieron caídos 5 horas y 52 minutos. Fue culpa nuestra y lo siento. Le devolvemos un mes de cada uno."},
		Signer: dana, Ends: time.Date(2012, 9, 20, 6, 59, 0, 0, time.UTC), ReportBy: time.Date(2012, 9, 21, 16, 0, 0, 0, time.UTC),
		Sums: []Sum{{Account: "Vega Cerámica", Amount: money.Amount{Minor: 3297, Currency: "USD"}, Contract: money.Amount{Minor: 165, Currency: "USD"}, Token: "AAAAAAAAAAAAAAAAAAAAAA"}},
	}
}

func TestWhatACustomerIsOwedIsOneLetter(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range lang.All() {
		d := Desk{Company: "Harbour", Base: "https://status.example", Language: tag, Fallback: lang.English, Zone: zone}
		l := d.Offer(aMonth())
		golden(t, "testdata/offer."+tag.Path()+".txt", l.Subject+"\n\n"+l.Text)
		golden(t, "testdata/offer."+tag.Path()+".html", l.HTML)
		golden(t, "testdata/offer."+tag.Path()+".sms", l.SMS)
	}
}

func TestALetterAboutSeveralAccountsNamesEachWithItsOwnLink(t *testing.T) {
	t.Parallel()
	o := aMonth()
	o.Sums = append(o.Sums, Sum{Account: "Taller Vega", Amount: money.Amount{Minor: 1099, Currency: "USD"}, Token: "BBBBBBBBBBBBBBBBBBBBBB"})
	o.Incident = incident.Incident{} // a month's credits are about no single outage
	l := Desk{Company: "Harbour", Base: "https://status.example", Language: lang.English, Fallback: lang.English, Zone: time.UTC}.Offer(o)
	for _, want := range []string{"43.96\u00a0USD", "/en/redeem/AAAAAAAAAAAAAAAAAAAAAA", "/en/redeem/BBBBBBBBBBBBBBBBBBBBBB", "Taller Vega", "10.99\u00a0USD"} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("it has no %q:\n%s", want, l.Text)
		}
	}
	o.ByItself = true
	if l := (Desk{Company: "Harbour", Base: "https://status.example", Language: lang.English, Fallback: lang.English, Zone: time.UTC}).Offer(o); !strings.Contains(l.Text, "You need do nothing") {
		t.Errorf("what is credited by itself asks for something:\n%s", l.Text)
	}
}
