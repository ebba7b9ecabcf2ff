//go:debug rsa1024min=0

package settings_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/settings"
)

func TestDefaultsAreValid(t *testing.T) {
	t.Parallel()
	if err := settings.Defaults().Validate(); err != nil {
		t.Error(err)
	}
}

func TestWhatMayBeChosen(t *testing.T) {
	t.Parallel()
	type change = func(*settings.Settings)
	for name, c := range map[string]struct {
		change change
		field  string // refused; empty: accepted
	}{
		"no name on an unpublished page":  {func(s *settings.Settings) { s.Company = " " }, ""},
		"no name on a published page":     {func(s *settings.Settings) { s.Company, s.Published = " ", true }, "company"},
		"a hundred Chinese characters":    {func(s *settings.Settings) { s.Company = strings.Repeat("說", 100) }, ""},
		"a hundred and one":               {func(s *settings.Settings) { s.Company = strings.Repeat("說", 101) }, "company"},
		"a line break in the name":        {func(s *settings.Settings) { s.Company = "Harbour\r\nBcc: all" }, "company"},
		"a name that turns around":        {func(s *settings.Settings) { s.Company = "\u202eruobraH" }, "company"},
		"bytes that are no text":          {func(s *settings.Settings) { s.Company = "\xff" }, "company"},
		"a language twice":                {func(s *settings.Settings) { s.Languages = []lang.Tag{lang.German, lang.German} }, "languages"},
		"a language nobody wrote":         {func(s *settings.Settings) { s.Languages = []lang.Tag{"tlh"} }, "languages"},
		"a zone":                          {func(s *settings.Settings) { s.Zone = "Asia/Jakarta" }, ""},
		"the zone of whichever machine":   {func(s *settings.Settings) { s.Zone = "Local" }, "zone"},
		"no zone":                         {func(s *settings.Settings) { s.Zone = "" }, "zone"},
		"a file as a zone":                {func(s *settings.Settings) { s.Zone = "../../etc/passwd" }, "zone"},
		"a site without its scheme":       {func(s *settings.Settings) { s.Site = "harbour.example" }, "site"},
		"a site that is a script":         {func(s *settings.Settings) { s.Site = "javascript://harbour.example/%0aalert(1)" }, "site"},
		"a site with a password":          {func(s *settings.Settings) { s.Site = "https://a:b@harbour.example" }, "site"},
		"every minute":                    {func(s *settings.Settings) { s.Cadence[incident.ImpactNone] = every(time.Minute) }, ""},
		"every day":                       {func(s *settings.Settings) { s.Cadence[incident.ImpactNone] = every(24 * time.Hour) }, ""},
		"oftener than every minute":       {func(s *settings.Settings) { s.Cadence[incident.ImpactNone] = every(time.Minute - 1) }, "cadence.none.monitoring"},
		"more seldom than every day":      {func(s *settings.Settings) { s.Cadence[incident.ImpactNone] = every(24*time.Hour + 1) }, "cadence.none.investigating"},
		"an impact without a cadence":     {func(s *settings.Settings) { delete(s.Cadence, incident.ImpactCritical) }, "cadence.critical.identified"},
		"a cadence without an impact":     {func(s *settings.Settings) { s.Cadence["huge"] = every(time.Hour) }, "cadence"},
		"no reminder":                     {func(s *settings.Settings) { s.Remind = nil }, ""},
		"the same reminder twice":         {func(s *settings.Settings) { s.Remind = []time.Duration{time.Hour, time.Hour} }, "remind"},
		"a reminder two months before":    {func(s *settings.Settings) { s.Remind = []time.Duration{1440 * time.Hour} }, "remind"},
		"a relay":                         {relay("smtp://user:p%40ss@relay.example:587?tls=required"), ""},
		"a relay by TLS":                  {relay("smtps://relay.example"), ""},
		"a relay on this machine":         {relay("smtp://127.0.0.1:2525"), ""},
		"a relay that is a file":          {relay("file:///etc/passwd"), "mail.url"},
		"a relay without a host":          {relay("smtp://:587"), "mail.url"},
		"a relay with a path":             {relay("smtp://relay.example/x"), "mail.url"},
		"a command hidden in a login":     {relay("smtp://user%0d%0aRSET:x@relay.example"), "mail.url"},
		"a relay without a sender":        {func(s *settings.Settings) { s.Mail.URL = "smtp://relay.example" }, "mail.from"},
		"a sender with a header behind":   {func(s *settings.Settings) { s.Mail.From = "a@b.example\r\nBcc: c@d.example" }, "mail.from"},
		"a sender with a space around":    {func(s *settings.Settings) { s.Mail.From = " a@b.example" }, "mail.from"},
		"a sender's name with a header":   {func(s *settings.Settings) { s.Mail.FromName = "Harbour\nBcc: c@d.example" }, "mail.from_name"},
		"a domain for bounces":            {func(s *settings.Settings) { s.Mail.ReturnDomain = "bounces.harbour.example" }, ""},
		"an address for bounces":          {func(s *settings.Settings) { s.Mail.ReturnDomain = "x@harbour.example" }, "mail.return_domain"},
		"a thousand connections":          {func(s *settings.Settings) { s.Mail.Connections = 1000 }, "mail.connections"},
		"an RSA key":                      {signed("s1", rsaKey(t, 2048)), ""},
		"an RSA key that can be factored": {signed("s1", rsaKey(t, 512)), "mail.dkim_key"},
		"an elliptic key DKIM cannot use": {signed("s1", ecdsaKey(t)), "mail.dkim_key"},
		"two keys":                        {signed("s1", rsaKey(t, 2048)+rsaKey(t, 2048)), "mail.dkim_key"},
		"a key without a selector":        {signed("", rsaKey(t, 2048)), "mail.dkim_selector"},
		"a selector that is another name": {signed("s1._domainkey", rsaKey(t, 2048)), "mail.dkim_selector"},
		"a selector without a key":        {signed("s1", ""), "mail.dkim_key"},
		"a template of several lines":     {template("first.maintenance", "One.\r\n\r\n* two\tthree"), ""},
		"a template with a NUL":           {template("first.outage.minor", "One\x00two"), "templates.first.outage.minor.body.en"},
		"a template of no kind":           {template("first.quake", "One"), "templates"},
		"a template of no impact":         {template("first.outage.huge", "One"), "templates"},
		"a template in a language unknown": {func(s *settings.Settings) {
			s.Templates = map[string]settings.Template{"first.outage.minor": {Body: lang.Text{"tlh": "nuqneH"}}}
		}, "templates"},
	} {
		s := settings.Defaults()
		c.change(&s)
		var fields []string
		for _, p := range problem.All(s.Validate()) {
			fields = append(fields, p.Field)
		}
		if accepted := len(fields) == 0; accepted != (c.field == "") || !accepted && !slices.Contains(fields, c.field) {
			t.Errorf("%s: refused %q, want %q", name, fields, c.field)
		}
	}
}

func every(d time.Duration) settings.Phases {
	return settings.Phases{Investigating: d, Identified: d, Monitoring: d}
}

func relay(url string) func(*settings.Settings) {
	return func(s *settings.Settings) { s.Mail.URL, s.Mail.From = url, "status@harbour.example" }
}

func signed(selector, key string) func(*settings.Settings) {
	return func(s *settings.Settings) {
		s.Mail.DKIMSelector, s.Mail.DKIMKey, s.Mail.From = selector, key, "status@harbour.example"
	}
}

func template(name, body string) func(*settings.Settings) {
	return func(s *settings.Settings) {
		s.Templates = map[string]settings.Template{name: {Title: lang.Text{lang.English: "Title"}, Body: lang.Text{lang.English: body}}}
	}
}

func rsaKey(t *testing.T, bits int) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
}

func ecdsaKey(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func TestV29SettingsShowNoSecret(t *testing.T) {
	t.Parallel()
	s := settings.Defaults()
	s.Mail.URL, s.Mail.From, s.Mail.DKIMKey = "smtp://candor:canary-pass@relay.example:587", "status@harbour.example", "-----BEGIN canary-key"
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("mail", "mail", s.Mail)
	recorded, err := json.Marshal(s.Recorded())
	if err != nil {
		t.Fatal(err)
	}
	masked, err := json.Marshal(s.Masked())
	if err != nil {
		t.Fatal(err)
	}
	for name, shown := range map[string]string{"the log": log.String(), "the audit": string(recorded), "the form": string(masked)} {
		if strings.Contains(shown, "canary") {
			t.Errorf("%s shows a secret: %s", name, shown)
		}
	}
	if !strings.Contains(string(recorded), "relay.example:587") {
		t.Error("the audit does not say which relay")
	}
	if diff := cmp.Diff(s, s.Masked().Unmasked(s)); diff != "" {
		t.Errorf("masking loses something (-want +got):\n%s", diff)
	}
	other := s
	other.Mail.DKIMKey += "2"
	if s.Recorded().Mail.DKIMKey == other.Recorded().Mail.DKIMKey {
		t.Error("the audit does not say that the key changed")
	}
}
