package app

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"testing"

	"candor/desk"
	"candor/settings"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// zone is DNS as the doctor asks it: what is not in it does not exist.
type zone struct {
	txt map[string][]string
	mx  map[string]string
	ns  map[string]string
	ip  map[string]string
	ptr map[string]string
}

func missing(name string) error { return &net.DNSError{Name: name, IsNotFound: true} }

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	if all, ok := z.txt[name]; ok {
		return all, nil
	}
	return nil, missing(name)
}

func (z zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	if host, ok := z.mx[name]; ok {
		return []*net.MX{{Host: host}}, nil
	}
	return nil, missing(name)
}

func (z zone) LookupNS(_ context.Context, name string) ([]*net.NS, error) {
	if host, ok := z.ns[name]; ok {
		return []*net.NS{{Host: host}}, nil
	}
	return nil, missing(name)
}

func (z zone) LookupNetIP(_ context.Context, _, name string) ([]netip.Addr, error) {
	if ip, ok := z.ip[name]; ok {
		return []netip.Addr{netip.MustParseAddr(ip)}, nil
	}
	return nil, missing(name)
}

func (z zone) LookupAddr(_ context.Context, addr string) ([]string, error) {
	if name, ok := z.ptr[addr]; ok {
		return []string{name}, nil
	}
	return nil, missing(addr)
}

func TestTheDoctorFindsWhatGoesDownTogether(t *testing.T) {
	address := storetest.SQLite(t)
	db := storetest.Open(t, address)
	d := desk.New(db, &url.URL{Scheme: "https", Host: "status.harbour.example"}, nil)
	ctx := staff.As(t.Context(), staff.Actor{System: "test"})
	s := settings.Defaults()
	s.Company, s.Site, s.Published = "Harbour", "https://www.harbour.example", true
	s.Mail.URL, s.Mail.From = "smtp://127.0.0.1:1", "status@harbour.example"
	var version int64
	if err := db.Read(ctx, func(tx *store.Tx) (err error) { _, version, err = tx.Settings.Load(ctx); return err }); err != nil {
		t.Fatal(err)
	}
	if err := d.SaveSettings(ctx, s, version); err != nil {
		t.Fatal(err)
	}
	together := zone{
		txt: map[string][]string{"harbour.example": {"v=spf1 include:relay.example -all"}},
		ns:  map[string]string{"harbour.example": "ns1.harbour.example."},
		ip:  map[string]string{"status.harbour.example": "192.0.2.7", "www.harbour.example": "192.0.2.9", "127.0.0.1": "127.0.0.1"},
	}
	apart := zone{
		txt: map[string][]string{"harbour.example": {"v=spf1 -all"}, "_dmarc.harbour.example": {"v=DMARC1; p=reject"}},
		mx:  map[string]string{"harbour.example": "mx.relay.example."},
		ns:  map[string]string{"status.harbour.example": "ns1.elsewhere.example.", "harbour.example": "ns1.harbour.example."},
		ip:  map[string]string{"status.harbour.example": "198.51.100.7", "www.harbour.example": "192.0.2.9", "127.0.0.1": "127.0.0.1"},
	}
	for _, c := range []struct {
		claim  string
		z      zone
		saw    string
		graded Grade
	}{
		{"a page in the company's network", together, "page and company site are in the same network, 192.0.2.0/24", Warning},
		{"a page under the company's name servers", together, "page and company site have the same name servers", Warning},
		{"mail without DMARC", together, "nothing at _dmarc.harbour.example", Bad},
		{"mail with SPF", together, "published at harbour.example", Good},
		{"nowhere for bounces to go", together, "no mail server for harbour.example", Warning},
		{"a page elsewhere", apart, "page and company site are in different networks", Good},
		{"name servers elsewhere", apart, "page and company site have different name servers", Good},
		{"mail with DMARC", apart, "published at _dmarc.harbour.example", Good},
		{"no phone", apart, "no author shows customers a phone number", Warning},
		{"a relay that does not answer", apart, "refused", Bad},
	} {
		found := Doctor{Config: Config{Listen: "127.0.0.1:0", Database: address, PublicURL: "https://status.harbour.example"}, Resolve: c.z}.Examine(t.Context())
		seen := false
		for _, f := range found {
			if f.Saw == c.saw {
				seen = true
				if f.Grade != c.graded || (f.Grade != Good && f.Advice == "") {
					t.Errorf("%s: %+v, want it %s, with advice", c.claim, f, c.graded)
				}
			}
		}
		if !seen {
			t.Errorf("%s: %q is not among %+v", c.claim, c.saw, found)
		}
	}
}
