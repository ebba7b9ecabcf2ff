package app

import (
	"strings"
	"testing"

	"candor/settings"
)

func TestTheDoctorAsksWhatTextMessagesHangOn(t *testing.T) {
	t.Parallel()
	house := settings.SMSProvider{Name: "house", Kind: settings.Gateway, URL: "http://10.0.0.7:13013/cgi-bin/sendsms?to={to}&text={text}", From: "Harbour"}
	for _, c := range []struct {
		what  string
		sms   settings.SMS
		allow []string
		want  []string
	}{
		{"nothing without a provider", settings.SMS{Home: "US"}, nil, nil},
		{"a gateway inside that nobody allowed", settings.SMS{Home: "DE", Providers: []settings.SMSProvider{house}}, nil, []string{"not encrypted", "one provider"}},
		{"one that was allowed", settings.SMS{Home: "DE", Providers: []settings.SMSProvider{house}}, []string{"10.0.0.7"}, []string{"one provider"}},
		{"letters that cannot be answered", settings.SMS{Home: "DE", TwoWay: true, Providers: []settings.SMSProvider{house}}, []string{"10.0.0.7"}, []string{"nobody can answer", "one provider"}},
		{"senders that must be registered", settings.SMS{Home: "US", Providers: []settings.SMSProvider{{Name: "a", Kind: settings.Twilio, From: "+14155550100"}, house}}, []string{"10.0.0.7"}, []string{"US or Canada"}},
		{"nothing else", settings.SMS{Home: "DE", Providers: []settings.SMSProvider{{Name: "a", Kind: settings.Twilio, From: "+4915123456789"}, house}}, []string{"10.0.0.7"}, []string{"set up"}},
	} {
		out := Doctor{Config: Config{AllowNetworks: c.allow}}.texts(c.sms)
		if len(out) != len(c.want) {
			t.Errorf("%s: %+v", c.what, out)
			continue
		}
		for i, want := range c.want {
			if !strings.Contains(out[i].Saw, want) {
				t.Errorf("%s: %q, want %q", c.what, out[i].Saw, want)
			}
		}
	}
}
