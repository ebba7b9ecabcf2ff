package desk_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"image"
	"image/png"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"candor/incident"
	"candor/lang"
	"candor/problem"
	"candor/settings"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

// chosen is what a company might have chosen.
func chosen() settings.Settings {
	s := settings.Defaults()
	s.Company, s.Zone, s.Site, s.Support = "Harbour", "Europe/Berlin", "https://harbour.example", "help@harbour.example"
	s.Languages = []lang.Tag{lang.German, lang.English}
	s.Templates = map[string]settings.Template{
		"first.outage.major": {Title: lang.Text{lang.German: "Störung"}, Body: lang.Text{lang.German: "Wir sehen es.\r\nWir melden uns."}},
	}
	return s
}

func ed25519PEM(t *testing.T) string {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func picture(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 300, 300))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func (h house) settings(t *testing.T) (s settings.Settings, version int64) {
	t.Helper()
	h.read(t, func(ctx context.Context, tx *store.Tx) (err error) {
		s, version, err = tx.Settings.Load(ctx)
		return err
	})
	return s, version
}

func TestANewInstallationHasDefaults(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		s, version := h.settings(t)
		if diff := cmp.Diff(settings.Defaults(), s); diff != "" || version != 0 {
			t.Errorf("version %d (-want +got):\n%s", version, diff)
		}
	})
}

func TestSettingsAreReadBackAsTheyWereSaved(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		boss := h.as(t, h.owner)
		want := chosen()
		want.OnCall = string(h.owner.ID)
		if err := h.SaveSettings(boss, want, 0); err != nil {
			t.Fatal(err)
		}
		got, version := h.settings(t)
		if diff := cmp.Diff(want, got); diff != "" || version != 1 {
			t.Errorf("version %d (-want +got):\n%s", version, diff)
		}
	})
}

func TestNobodyOverwritesSettingsUnseen(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		boss := h.as(t, h.owner)
		var all sync.WaitGroup
		var mu sync.Mutex
		saved := 0
		for range 10 { // ten forms made from the same settings
			all.Go(func() {
				err := h.SaveSettings(boss, chosen(), 0)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					saved++
				} else if !problem.Is(err, problem.Conflict) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if _, version := h.settings(t); saved != 1 || version != 1 {
			t.Errorf("%d saved, version %d", saved, version)
		}
		says(t, "an old form", h.SaveSettings(boss, chosen(), 0), problem.Conflict, "problem.settings.version")
		says(t, "a form from nowhere", h.SaveSettings(boss, chosen(), 7), problem.Conflict, "problem.settings.version")
	})
}

func TestSettingsAreRefusedInOneGo(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		in := chosen()
		in.Company, in.Languages, in.Zone, in.Site, in.OnCall = strings.Repeat("x", 101), nil, "Mars/Olympus", "javascript:alert(1)", "per_nobody"
		in.Support = "a\nb"
		in.Cadence[incident.ImpactMajor] = settings.Phases{Investigating: time.Second, Identified: 25 * time.Hour, Monitoring: time.Hour}
		in.Mail = settings.Mail{URL: "http://relay.example", ReturnDomain: "x y", DKIMKey: "nonsense", Connections: -1}
		in.Templates["quake/major"] = settings.Template{}
		err := h.SaveSettings(h.as(t, h.owner), in, 0)
		var fields []string
		for _, p := range problem.All(err) {
			fields = append(fields, p.Field)
		}
		want := []string{
			"company", "languages", "zone", "site", "support", "cadence.major.investigating", "cadence.major.identified", "templates",
			"mail.url", "mail.from", "mail.return_domain", "mail.connections", "mail.dkim_selector", "mail.dkim_key", "mail.from", "on_call",
		}
		if diff := cmp.Diff(want, fields); diff != "" {
			t.Errorf("refused (-want +got):\n%s", diff)
		}
		if _, version := h.settings(t); version != 0 {
			t.Error("refused settings were saved")
		}
	})
}

func TestOnlyWhoMayConfigureConfigures(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		nobody, speaker := t.Context(), h.as(t, h.add(t, "p@harbour.example", staff.Communicator))
		for name, act := range map[string]func(context.Context) error{
			"save":    func(ctx context.Context) error { return h.SaveSettings(ctx, chosen(), 0) },
			"logo":    func(ctx context.Context) error { return h.SaveLogo(ctx, nil) },
			"publish": func(ctx context.Context) error { return h.PublishPage(ctx, true) },
		} {
			says(t, name, act(nobody), problem.Unauthenticated, "problem.unauthenticated")
			says(t, name, act(speaker), problem.Forbidden, "problem.forbidden")
		}
	})
}

func TestASecretThatComesBackMaskedStaysWhatItIs(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		boss := h.as(t, h.owner)
		want := chosen()
		want.Mail.URL, want.Mail.From = "smtp://candor:secret@relay.example:587", "status@harbour.example"
		want.Mail.DKIMSelector, want.Mail.DKIMKey = "s1", ed25519PEM(t)
		if err := h.SaveSettings(boss, want, 0); err != nil {
			t.Fatal(err)
		}
		masked := want.Masked()
		if masked.Mail.URL != settings.Hidden || masked.Mail.DKIMKey != settings.Hidden {
			t.Errorf("shown: %q, %q", masked.Mail.URL, masked.Mail.DKIMKey)
		}
		masked.Company = "Harbour & Sons"
		if err := h.SaveSettings(boss, masked, 1); err != nil {
			t.Fatal(err)
		}
		want.Company = masked.Company
		got, _ := h.settings(t)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		none := chosen()
		none.Mail.URL = settings.Hidden
		none.Mail.From = want.Mail.From
		if err := h.SaveSettings(boss, chosen(), 2); err != nil {
			t.Fatal(err)
		}
		if err := h.SaveSettings(boss, none, 3); err != nil {
			t.Fatal(err)
		}
		if got, _ := h.settings(t); got.Mail.URL != "" {
			t.Errorf("a mask of nothing became %q", got.Mail.URL)
		}
	})
}

// V3, V4: what a settings value holds is stored and read back byte for byte, or refused; nothing in it is expanded.
func TestV3NoSettingIsEverExpandedOrCut(t *testing.T) {
	t.Setenv("CANDOR_CANARY", "canary-7391")
	nasty := rapid.SampledFrom([]string{
		"\r", "\n", "\r\n", "\x00", "${CANDOR_CANARY}", "$CANDOR_CANARY", "{{env \"CANDOR_CANARY\"}}", "%s%n", "`id`", "$(id)",
		"'; DROP TABLE settings; --", "\\", "\"", "\u2028", "\u202e", "\xff", "<script>", "é", "\U0001F4A5", " ", "x",
	})
	word := rapid.Custom(func(t *rapid.T) string {
		word := strings.Join(rapid.SliceOfN(nasty, 0, 6).Draw(t, "parts"), "a")
		if rapid.IntRange(0, 9).Draw(t, "keep what is refused") > 0 { // else nearly everything would be
			word = strings.NewReplacer("\r", "", "\n", "", "\x00", "", "\u2028", "", "\u202e", "", "\xff", "").Replace(word)
		}
		return word
	})
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := empty(t, db)
		ctx := staff.As(t.Context(), staff.Actor{System: "cli"})
		kept, refused := 0, 0
		rapid.Check(t, func(r *rapid.T) {
			in := settings.Defaults()
			in.Company, in.Support, in.Site = word.Draw(r, "company"), word.Draw(r, "support"), rapid.SampledFrom([]string{"", "https://harbour.example/" + word.Draw(r, "site")}).Draw(r, "address")
			in.Mail.FromName = word.Draw(r, "from")
			in.Templates = map[string]settings.Template{"first.outage.minor": {Title: lang.Text{lang.English: word.Draw(r, "title")}, Body: lang.Text{lang.English: word.Draw(r, "body")}}}
			before, version := h.settings(t)
			err := h.SaveSettings(ctx, in, version)
			got, _ := h.settings(t)
			want := in
			if err != nil {
				if problem.All(err) == nil {
					r.Fatalf("not a problem: %v", err)
				}
				want = before
				refused++
			} else {
				kept++
				for _, line := range []string{in.Company, in.Support, in.Site, in.Mail.FromName, in.Templates["first.outage.minor"].Title[lang.English]} {
					if strings.ContainsAny(line, "\r\n\x00\u2028\u202e") {
						r.Fatalf("%q was let through", line)
					}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				r.Fatalf("(-want +got):\n%s", diff)
			}
		})
		if kept < 5 || refused < 5 {
			t.Errorf("%d kept and %d refused: the property was not looked at", kept, refused)
		}
	})
}

func TestALogoIsKeptAsWeDrewIt(t *testing.T) { // V16
	eachHouse(t, func(t *testing.T, h house) {
		boss := h.as(t, h.owner)
		says(t, "html", h.SaveLogo(boss, []byte("<script>")), problem.Invalid, "problem.picture.kind")
		if err := h.SaveLogo(boss, picture(t)); err != nil {
			t.Fatal(err)
		}
		s, version := h.settings(t)
		h.read(t, func(ctx context.Context, tx *store.Tx) error {
			b, err := tx.Blobs.ByHash(ctx, s.Logo)
			if b.Type != "image/png" || !strings.HasPrefix(string(b.Body), "\x89PNG") {
				t.Errorf("%s of %d bytes", b.Type, len(b.Body))
			}
			return err
		})
		in := s
		in.Logo = strings.Repeat("0", 64)
		says(t, "a logo that is not there", h.SaveSettings(boss, in, version), problem.Invalid, "problem.picture.broken")
		if err := h.SaveLogo(boss, nil); err != nil {
			t.Fatal(err)
		}
		if s, _ := h.settings(t); s.Logo != "" {
			t.Error("the logo stayed")
		}
	})
}

func TestAPageIsPublishedUnderAName(t *testing.T) {
	eachHouse(t, func(t *testing.T, h house) {
		boss := h.as(t, h.owner)
		says(t, "nameless", h.PublishPage(boss, true), problem.Invalid, "problem.company.missing")
		if err := h.SaveSettings(boss, chosen(), 0); err != nil {
			t.Fatal(err)
		}
		if err := h.PublishPage(boss, true); err != nil {
			t.Fatal(err)
		}
		if s, _ := h.settings(t); !s.Published {
			t.Error("not published")
		}
		if err := h.PublishPage(boss, false); err != nil {
			t.Fatal(err)
		}
		if s, _ := h.settings(t); s.Published {
			t.Error("not withdrawn")
		}
	})
}
