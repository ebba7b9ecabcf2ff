package reach_test

import (
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"candor/reach"
)

func TestAHookIsAWholePublicAddress(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"https://hooks.example.com/a/B?c=D":           "https://hooks.example.com/a/B?c=D",
		" HTTPS://Hooks.Example.COM ":                 "https://hooks.example.com/",
		"https://hooks.example.com:8443/x":            "https://hooks.example.com:8443/x",
		"https://xn--mller-kva.example/x":             "https://xn--mller-kva.example/x",
		"https://1.1.1.1/x":                           "https://1.1.1.1/x",
		"https://[2606:4700::1111]/x":                 "https://[2606:4700::1111]/x",
		"http://hooks.example.com/":                   "",
		"ftp://hooks.example.com/":                    "",
		"hooks.example.com":                           "",
		"//hooks.example.com/":                        "",
		"https:hooks.example.com":                     "",
		"https:///x":                                  "",
		"https://hooks.example.com:/":                 "",
		"https://hooks.example.com:0/":                "",
		"https://hooks.example.com:0443/":             "",
		"https://hooks.example.com:25/":               "",
		"https://hooks.example.com:65979/":            "",
		"https://hooks.example.com./":                 "",
		"https://a:b@hooks.example.com/":              "",
		"https://hooks.example.com@1.1.1.1/":          "",
		"https://x#@hooks.example.com/":               "",
		"https://hooks.example.com/#x":                "",
		"https://hooks.example.com\\@1.1.1.1/":        "",
		"https://hooks.example.com/a b":               "",
		"https://hooks.example.com/a\r\nHost: b":      "",
		"https://müller.example/":                     "",
		"https://１６９.254.169.254/":                    "",
		"https://①②⑦.0.0.1/":                          "",
		"https://localhost/":                          "",
		"https://localhost./":                         "",
		"https://a.localhost/":                        "",
		"https://metadata/":                           "",
		"https://127.1/":                              "",
		"https://2130706433/":                         "",
		"https://0x7f000001/":                         "",
		"https://0x7f.1/":                             "",
		"https://017700000001/":                       "",
		"https://127.0.0.1/":                          "",
		"https://169.254.169.254/latest/meta-data/":   "",
		"https://[::ffff:a9fe:a9fe]/":                 "",
		"https://[fe80::1%25eth0]/":                   "",
		"https://[v1.x]/":                             "",
		"https://" + strings.Repeat("a", 2000) + ".x": "",
		"": "",
	} {
		got, refused := reach.ParseHook(typed)
		if string(got) != want || (refused != nil) != (want == "") {
			t.Errorf("%q: got %q (%v), want %q", typed, got, refused, want)
		}
	}
}

func TestAHookInsideAnAllowedNetworkMayBePlain(t *testing.T) {
	t.Parallel()
	allow := netip.MustParsePrefix("10.1.0.0/16")
	for typed, ok := range map[string]bool{
		"http://10.1.2.3:8065/hooks/x": true, "http://mattermost:8065/hooks/x": true, "https://10.1.2.3/": true,
		"http://10.2.0.1/": false, "http://127.0.0.1/": false, "http://u:p@10.1.2.3/": false,
	} {
		if _, refused := reach.ParseHook(typed, allow); (refused == nil) != ok {
			t.Errorf("%q: %v, want accepted %v", typed, refused, ok)
		}
	}
}

func FuzzParseHook(f *testing.F) {
	f.Add("https://hooks.example.com/x")
	f.Add("https://a:b@127.0.0.1#@x")
	f.Fuzz(func(t *testing.T, typed string) {
		got, refused := reach.ParseHook(typed)
		if refused != nil {
			return
		}
		u, err := url.Parse(string(got))
		if err != nil || u.Scheme != "https" || u.User != nil || u.Fragment != "" || u.Hostname() == "" {
			t.Fatalf("%q became %q", typed, got)
		}
		if again, refused := reach.ParseHook(string(got)); refused != nil || again != got {
			t.Fatalf("%q became %q, which becomes %q (%v)", typed, got, again, refused)
		}
	})
}
