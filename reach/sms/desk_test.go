package sms

import (
	"context"
	"net/netip"
	"sync"
	"testing"
	"time"

	"candor/id"
	"candor/reach"
	"candor/reach/sms/smstest"
	"candor/settings"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// A desk stands for what limits hold across nodes.
type desk struct {
	mu    sync.Mutex
	spent map[reach.Class]int64
	turns map[string]time.Time
}

func (d *desk) spend(_ context.Context, p reach.Payment) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.spent[p.Class]+p.Minor > p.Purse.Total {
		return false, nil
	}
	d.spent[p.Class] += p.Minor
	return true, nil
}

func (d *desk) giveBack(_ context.Context, p reach.Payment) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.spent[p.Class] -= p.Minor
	return nil
}

func (d *desk) pace(_ context.Context, provider string, minute int64) (time.Duration, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	every := time.Minute / time.Duration(minute)
	if left := time.Until(d.turns[provider].Add(every)); left > 0 {
		return left, nil
	}
	d.turns[provider] = time.Now()
	return 0, nil
}

func twilioAt(name string, p *smstest.Provider) settings.SMSProvider {
	return settings.SMSProvider{Name: name, Kind: settings.Twilio, URL: p.URL, User: smstest.Account, Secret: smstest.Token, From: "+14155550100"}
}

func kannelAt(name string, p *smstest.Provider) settings.SMSProvider {
	return settings.SMSProvider{
		Name: name, Kind: settings.Gateway, Method: "GET", User: smstest.Account, Secret: smstest.Token, From: "Harbour", Taken: "^0:",
		URL: p.URL + "/cgi-bin/sendsms?username={user}&password={secret}&to={to}&from={from}&text={text}&charset=UTF-8&coding={coding}&dlr-mask=31&dlr-url={receipt}%26status%3D%25d",
	}
}

func company(providers ...settings.SMSProvider) settings.SMS {
	return settings.SMS{
		Home: "DE", Countries: []string{"US"}, Providers: providers, Currency: "EUR", Prices: map[string]int64{"": 8},
		Broadcast: settings.Purse{Total: 1_000_000, Country: 1_000_000}, Codes: settings.Purse{Total: 100, Country: 100},
	}
}

func open(t *testing.T, s settings.SMS, change ...func(*Config)) (reach.Session, *desk) {
	t.Helper()
	if err := (settings.Settings{Languages: settings.Defaults().Languages, Zone: "UTC", Cadence: settings.Defaults().Cadence, SMS: s}).Validate(); err != nil {
		t.Fatal(err)
	}
	d := &desk{spent: map[reach.Class]int64{}, turns: map[string]time.Time{}}
	c := Config{
		Settings: s, Spend: d.spend, GiveBack: d.giveBack, Pace: d.pace, Allow: loopback, Timeout: 2 * time.Second,
		Receipt: func(provider string, x id.Delivery) string {
			return "https://status.example/api/v1/receipts/sms/" + provider + "?delivery=" + string(x) + "&seal=s"
		},
	}
	for _, f := range change {
		f(&c)
	}
	session, err := New(c).Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return session, d
}

func word(text string) reach.Message {
	return reach.Message{Delivery: id.New[id.Delivery](time.Now()), To: "+4915123456789", Text: text, Attempt: 1, Date: time.Now(), Class: reach.ClassBulk}
}
