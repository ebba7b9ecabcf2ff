package email

import (
	"net/mail"
	"strings"
	"testing"
	"time"

	"candor/id"
)

func TestCheckAddressAcceptsWherePeopleReadMail(t *testing.T) {
	t.Parallel()
	for _, a := range []string{
		"a@b.example", "dana.whitfield+outage@example.com", "O'Brien@example.ie", "x_y-z@sub.sub.example.co.uk", "UPPER@EXAMPLE.COM", "1234@example.com",
		"info@bücher.example", "info@xn--bcher-kva.example", "müller@example.de", "用戶@例子.廣告", "b+01jd-abc@bounce.example",
		strings.Repeat("a", 64) + "@example.com",
	} {
		if err := CheckAddress(a); err != nil {
			t.Errorf("%q: %v", a, err)
		}
	}
}

func TestB7CheckAddressRefusesWhatProbes(t *testing.T) {
	t.Parallel()
	for _, a := range []string{
		"", "@", "a@", "@b.example", "a", "a@b", "root@localhost", "a@@b.example", "a@b.example@c.example", "a b@c.example", "a@b c.example",
		"a@b.example\r\nRCPT TO:<x@y.example>", "a\r\n@b.example", "a\n@b.example", "a\r@b.example", "a\x00@b.example", "a@b.example\x00", "a@b\n.example",
		`"a"@b.example`, `"a b"@c.example`, `"a\"@b.example`, "a@[127.0.0.1]", "a@127.0.0.1", "a@[IPv6:::1]", "<a@b.example>", "a@b.example>", "a@<b.example",
		"Dana <a@b.example>", "a,b@c.example", "a;b@c.example", "a:b@c.example", "a(comment)@b.example", ".a@b.example", "a.@b.example", "a..b@c.example",
		"a@.example", "a@b..example", "a@-b.example", "a@b_c.example", "a@b.example..", "a@" + strings.Repeat("x", 64) + ".example",
		strings.Repeat("a", 65) + "@b.example", "a@" + strings.Repeat("x.", 130) + "example", "a\u200b@b.example", "a\u202e@b.example", "a\u3000b@c.example",
		"a\xff@b.example", "a\u00a0b@c.example", "a\u0085@b.example", "a@b.example SMTPUTF8", "a@b.123",
	} {
		if CheckAddress(a) == nil {
			t.Errorf("%q was accepted", a)
		}
	}
}

// Whatever is accepted is one word on the wire and the same address to any parser of headers.
func FuzzAddress(f *testing.F) {
	for _, a := range []string{"a@b.example", "müller@bücher.example", `"a"@b.example`, "a@b.example\r\nDATA", "a@b\x00.example", "a@xn--.example", "a@b。example"} {
		f.Add(a)
	}
	f.Fuzz(func(t *testing.T, address string) {
		wire, err := parseAddress(address)
		if err != nil {
			return
		}
		if strings.ContainsAny(wire.text, " <>\r\n\x00\t\"\\,;:()[]") || strings.Count(wire.text, "@") != 1 || len(wire.text) > 330 {
			t.Errorf("%q goes on the wire as %q", address, wire.text)
		}
		parsed, err := mail.ParseAddress(wire.text)
		if err != nil || parsed.Address != wire.text || parsed.Name != "" {
			t.Errorf("%q is read as %+v, %v", wire.text, parsed, err)
		}
		if again, err := parseAddress(wire.text); err != nil || again != wire {
			t.Errorf("%q is not stable: %+v, %v", wire.text, again, err)
		}
	})
}

func TestAReturnPathComesBackWhateverItsCase(t *testing.T) {
	t.Parallel()
	secret, delivery := []byte("secret"), id.New[id.Delivery](time.Now())
	path := ReturnPath(delivery, secret, "bounce.example")
	if local, _, _ := strings.Cut(path, "@"); len(local) > 64 || CheckAddress(path) != nil || path != strings.ToLower(path) {
		t.Errorf("%q is no address to send from", path)
	}
	for _, p := range []string{path, strings.ToUpper(path)} {
		if got, err := ParseReturnPath(p, secret, "bounce.example"); err != nil || got != delivery {
			t.Errorf("ParseReturnPath(%q) = %q, %v, want %q", p, got, err, delivery)
		}
	}
}

func TestAForgedReturnPathIsRefused(t *testing.T) {
	t.Parallel()
	secret := []byte("secret")
	path := ReturnPath("dlv_01JD6ZK3V8Q0N4W2Y7T5M9RBXC", secret, "bounce.example")
	local, _, _ := strings.Cut(path, "@")
	for name, p := range map[string]string{
		"another delivery": strings.Replace(path, "01jd6", "01jd7", 1), "another domain": local + "@other.example", "no code": "b+01jd6zk3v8q0n4w2y7t5m9rbxc@bounce.example",
		"empty code": "b+01jd6zk3v8q0n4w2y7t5m9rbxc-@bounce.example", "nothing": "", "only the domain": "@bounce.example", "longer": local + "a@bounce.example",
		"another secret":             ReturnPath("dlv_01JD6ZK3V8Q0N4W2Y7T5M9RBXC", []byte("Secret"), "bounce.example"),
		"signed but no identifier":   ReturnPath("dlv_x", secret, "bounce.example"),
		"signed and of another kind": ReturnPath("inc_01JD6ZK3V8Q0N4W2Y7T5M9RBXC", secret, "bounce.example"),
	} {
		if got, err := ParseReturnPath(p, secret, "bounce.example"); err == nil {
			t.Errorf("%s: %q was taken for %q", name, p, got)
		}
	}
}
