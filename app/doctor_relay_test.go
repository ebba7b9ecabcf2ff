package app

import (
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"candor/reach/email"
)

func TestTheDoctorLooksForTheNameOfWhereMailComesFrom(t *testing.T) {
	t.Parallel()
	named := zone{
		ip:  map[string]string{"relay.example": "198.51.100.7", "mx.relay.example.": "198.51.100.7", "inner.example": "10.0.0.7"},
		ptr: map[string]string{"198.51.100.7": "mx.relay.example."},
	}
	nameless := zone{ip: map[string]string{"relay.example": "198.51.100.7"}}
	astray := zone{
		ip:  map[string]string{"relay.example": "198.51.100.7", "mx.relay.example.": "192.0.2.1"},
		ptr: map[string]string{"198.51.100.7": "mx.relay.example."},
	}
	for _, c := range []struct {
		claim, relay string
		z            zone
		here         string // this machine's address
		want         Grade
		saw          string
	}{
		{"a relay with a name that leads back", "relay.example", named, "10.0.0.2/24", Good, "198.51.100.7 is mx.relay.example, and back"},
		{"a relay without a name", "relay.example", nameless, "10.0.0.2/24", Warning, "198.51.100.7 has no name"},
		{"a relay whose name leads elsewhere", "relay.example", astray, "10.0.0.2/24", Warning, "198.51.100.7 is mx.relay.example, which does not lead back to it"},
		{"a relay inside", "inner.example", named, "10.0.0.2/24", Warning, "the addresses your mail comes from cannot be seen from here"},
		{"this machine sends, and has a name", "localhost", named, "198.51.100.7/24", Good, "198.51.100.7 is mx.relay.example, and back"},
		{"this machine sends, and has none", "127.0.0.1", nameless, "198.51.100.7/24", Warning, "198.51.100.7 has no name"},
		{"this machine sends, through a router", "::1", named, "10.0.0.2/24", Warning, "the addresses your mail comes from cannot be seen from here"},
	} {
		_, here, err := net.ParseCIDR(c.here)
		if err != nil {
			t.Fatal(err)
		}
		here.IP, _, _ = net.ParseCIDR(c.here)
		d := Doctor{Resolve: c.z, Addresses: func() ([]net.Addr, error) { return []net.Addr{here}, nil }}
		got := d.reverse(t.Context(), c.relay)
		if len(got) != 1 || got[0].Grade != c.want || got[0].Saw != c.saw || (c.want != Good && got[0].Advice == "") {
			t.Errorf("%s: %+v, want %s, %q", c.claim, got, c.want, c.saw)
		}
	}
}

func TestTheDoctorSaysWhoCanReadOnTheWayToTheRelay(t *testing.T) {
	t.Parallel()
	now := time.Date(2012, 9, 10, 12, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	got := map[string]Grade{}
	for claim, r := range map[string]struct {
		host string
		email.Report
	}{
		"in clear, to another machine":             {"relay.example", email.Report{}},
		"in clear, on this machine":                {"127.0.0.1", email.Report{}},
		"encrypted by anybody, on this machine":    {"localhost", email.Report{Encrypted: true, Until: now.Add(90 * day)}},
		"encrypted, by anybody":                    {"relay.example", email.Report{Encrypted: true, Until: now.Add(90 * day)}},
		"encrypted, by the relay":                  {"relay.example", email.Report{Encrypted: true, Trusted: true, Until: now.Add(90 * day)}},
		"encrypted, and the certificate ends soon": {"relay.example", email.Report{Encrypted: true, Trusted: true, Until: now.Add(13 * day)}},
	} {
		got[claim] = protection(r.host, r.Report, now).Grade
	}
	want := map[string]Grade{
		"in clear, to another machine": Warning, "in clear, on this machine": Good, "encrypted, by anybody": Warning,
		"encrypted by anybody, on this machine": Good,
		"encrypted, by the relay":               Good, "encrypted, and the certificate ends soon": Warning,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
