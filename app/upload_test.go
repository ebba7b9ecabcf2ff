package app

import (
	"bytes"
	"context"
	"image"
	"image/gif"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"candor/component"
	"candor/desk"
	"candor/incident"
	"candor/settings"
	"candor/staff"
	"candor/store"
	"candor/store/storetest"
)

const script = "<script>alert(document.domain)</script>"

// pictures are what somebody uploads, and whether a picture comes of it.
func pictures(t *testing.T) map[string][]byte {
	t.Helper()
	var plain, moving bytes.Buffer
	if err := png.Encode(&plain, image.NewRGBA(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	if err := gif.Encode(&moving, image.NewRGBA(image.Rect(0, 0, 64, 64)), nil); err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"a picture with a script behind it": append(plain.Bytes(), script...),
		"a GIF that is JavaScript":          append(moving.Bytes(), "*/=1;alert(1)//"+script...),
		"SVG":                               []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">` + script + `</svg>`),
		"HTML":                              []byte("<!doctype html>" + script),
		"a GIF's head and a script":         []byte("GIF89a/*" + script + "*/=0"),
		"PDF":                               []byte("%PDF-1.7 " + script),
	}
}

func (h *house) upload(path, field string, picture []byte, fields url.Values, session string) int {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, values := range fields {
		for _, v := range values {
			form.WriteField(name, v)
		}
	}
	part, err := form.CreateFormFile(field, "../../x.html")
	if err != nil {
		h.t.Fatal(err)
	}
	part.Write(picture)
	form.Close()
	return h.ask(ask{method: http.MethodPost, path: path, session: session, body: body.String(), header: http.Header{"Content-Type": {form.FormDataContentType()}}}).Code
}

// V16: what is uploaded is drawn anew or refused, and what is served is a picture and nothing else.
func TestV16UploadsAreDrawnAnewAndServedAsPictures(t *testing.T) {
	for name, picture := range pictures(t) {
		h := newHouse(t)
		owner := h.people[staff.Owner]
		session := h.session(owner)
		profile := url.Values{"name": {owner.Name}, "language": {"en"}}
		drawn := name == "a picture with a script behind it" || name == "a GIF that is JavaScript"
		want := http.StatusUnprocessableEntity
		if drawn {
			want = http.StatusSeeOther
		}
		if got := h.upload("/console/profile", "photo", picture, profile, session); got != want {
			t.Errorf("%s as a portrait: %d, want %d", name, got, want)
		}
		if got := h.upload("/console/settings/logo", "logo", picture, nil, session); got != want {
			t.Errorf("%s as a logo: %d, want %d", name, got, want)
		}
		if !drawn {
			continue
		}
		var hashes []string
		h.read(func(ctx context.Context, tx *store.Tx) error {
			var s settings.Settings
			p, err := tx.People.ByID(ctx, owner.ID)
			if err == nil {
				s, _, err = tx.Settings.Load(ctx)
			}
			hashes = []string{p.Photo, s.Logo}
			return err
		})
		for _, hash := range hashes {
			for _, path := range []string{"/photos/" + hash, "/console/blobs/" + hash} {
				got := h.ask(ask{path: path, session: session})
				head := got.Header()
				if got.Code != http.StatusOK || !strings.HasPrefix(head.Get("Content-Type"), "image/") || strings.Contains(head.Get("Content-Type"), "svg") ||
					head.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(head.Get("Content-Security-Policy"), "sandbox") || strings.Contains(got.Body.String(), "alert") {
					t.Errorf("%s at %s: %d %v", name, path, got.Code, head)
				}
			}
		}
	}
}

// V18: fifty people open the set-up link at once, through the door: one owner.
func TestV18OfFiftySetUpsThroughTheDoorOneMakesAnOwner(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		h := openHouse(t, database)
		token, needed, err := h.desk.SetupToken(h.ctx())
		if err != nil || !needed {
			t.Fatal(needed, err)
		}
		var all sync.WaitGroup
		var mu sync.Mutex
		codes := map[int]int{}
		for n := range 50 {
			all.Go(func() {
				got := h.ask(ask{method: http.MethodPost, path: "/console/setup/" + token, form: url.Values{
					"company": {"Harbour"}, "zone": {"UTC"}, "name": {"Ann"}, "mail": {strings.Repeat("a", n+1) + "@harbour.test"}, "password": {password},
				}}).Code
				mu.Lock()
				defer mu.Unlock()
				codes[got]++
			})
		}
		all.Wait()
		owners := 0
		h.read(func(ctx context.Context, tx *store.Tx) error {
			people, err := tx.People.All(ctx)
			owners = len(people)
			return err
		})
		if owners != 1 || codes[http.StatusSeeOther] != 1 || codes[http.StatusNotFound]+codes[http.StatusGone] != 49 {
			t.Errorf("%d people, answers %v", owners, codes)
		}
	})
}

// V12: nothing here runs what somebody wrote: no script engine, no plugin, and no other program.
func TestV12NoEngineIsLinkedIn(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "candor/cmd/candor").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Fields(string(out))
	for _, engine := range []string{"goja", "otto", "gopher-lua", "golua", "quickjs", "v8go", "yaegi", "starlark", "wazero", "wasmtime", "tengo", "chromedp", "expr-lang", "gval", "plugin"} {
		for _, path := range all {
			if slices.Contains(strings.Split(path, "/"), engine) {
				t.Errorf("%s is linked in", path)
			}
		}
	}
	if len(all) < 100 {
		t.Errorf("only %d packages were looked at", len(all))
	}
	own, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "candor/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(own)) {
		path, imports, _ := strings.Cut(strings.TrimSpace(line), " ")
		if slices.Contains(strings.Fields(imports), "os/exec") && !strings.HasPrefix(path, "candor/tools") && !strings.HasPrefix(path, "candor/e2e") {
			t.Errorf("%s starts other programs", path)
		}
	}
}

// B12: a node gives nobody for ever, and reads no head without end.
func TestB12SlowAndLongRequestsHaveLimits(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.ConsoleListen = "127.0.0.1:0" })
	for name, s := range map[string]*server{"the page": h.public, "the console": h.staff} {
		if at := s.http; at.ReadHeaderTimeout <= 0 || at.ReadHeaderTimeout > 5*time.Second || at.ReadTimeout <= 0 || at.ReadTimeout > 30*time.Second ||
			at.IdleTimeout <= 0 || at.IdleTimeout > time.Minute || at.WriteTimeout <= 0 || at.MaxHeaderBytes <= 0 || at.MaxHeaderBytes > 64<<10 {
			t.Errorf("%s waits too long or reads too much: %+v", name, at)
		}
	}
	h = newHouse(t)
	session := h.session(h.people[staff.Owner])
	long := strings.Repeat("a", 7<<20)
	for _, a := range []ask{
		{path: "/en/subscribe", form: url.Values{"email": {long}}},
		{path: "/unsubscribe/none", form: url.Values{"List-Unsubscribe": {long}}},
		{path: "/console/declare", session: session, form: url.Values{"body.en": {long}}},
		{path: "/console/sign-in", form: url.Values{"mail": {long}}},
		{path: "/api/v2/subscribers", json: map[string]any{"subscriber": map[string]string{"email": long}}},
		{path: "/api/v1/incidents", token: h.token(staff.Owner, staff.Say), json: map[string]any{"body": english(long)}},
	} {
		a.method = http.MethodPost
		if got := h.ask(a).Code; got < 400 || got >= 500 {
			t.Errorf("7 MB to %s: %d", a.path, got)
		}
	}
	// Text that costs a careless parser minutes.
	token := h.token(staff.Owner, staff.Say)
	for _, bomb := range []string{strings.Repeat("> ", 30_000), strings.Repeat("[", 60_000), strings.Repeat("*a_ ", 15_000), strings.Repeat("- ", 30_000) + "a", strings.Repeat("<a ", 20_000), strings.Repeat("![](", 15_000)} {
		began := time.Now()
		got := h.ask(ask{method: http.MethodPost, path: "/api/v1/incidents", token: token, json: map[string]any{
			"title": english("x"), "body": english(bomb), "components": []any{map[string]any{"component": "Shop", "status": "major_outage"}},
		}})
		page := h.get("/en/").Code
		if took := time.Since(began); got.Code >= 500 || page != http.StatusOK || took > 10*time.Second {
			t.Errorf("%.6q and more: %d, the page %d, in %v", bomb, got.Code, page, took)
		}
	}
}

// B7: a line end or a NUL in any field of any form is refused or made harmless, on both databases.
func TestB7NoFormBreaksOnALineEndOrANul(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, database string) {
		h := openHouse(t, database).settle()
		i, u := h.declare(incident.Public, "The shop is down.", h.shop)
		if _, err := h.desk.Post(h.as(staff.Owner), i.ID, desk.Word{Body: english("x"), Affected: []incident.Affected{{Component: h.shop.ID, Status: component.MajorOutage}}}); err != nil {
			t.Fatal(err)
		}
		fill := strings.NewReplacer("{code}", string(i.Code), "{update}", string(u.Code), "{kind}", "outage", "{impact}", "major",
			"{component}", string(h.mail.ID), "{person}", string(h.people[staff.Agent].ID), "{token}", "none")
		fields := strings.Fields("mail email name title title.en body.en public_mail public_phone company site support zone language role current password proof to key words reason note " +
			"components component version state status impact kind visibility started_at detected_at next_by next_reason window_from position group_id token every website subject author lead " +
			"mail.url mail.from mail.from_name mail.reply_to mail.return_domain mail.dkim_selector mail.dkim_key incident scope on_call description.en working_on.en")
		for _, r := range h.routes() {
			method, path, _ := strings.Cut(r.Pattern, " ")
			if method != http.MethodPost || strings.HasPrefix(path, "/api/v1/") || otherTongue.MatchString(path) || strings.HasSuffix(path, "sign-out") {
				continue
			}
			for _, evil := range []string{"a\r\nBcc: eve@evil.test", "a\x00b", "\xff\xfe"} {
				form := url.Values{}
				for _, f := range fields {
					form.Set(f, evil)
				}
				if strings.HasPrefix(path, "/api/v2/") {
					form.Set("subscriber[email]", evil)
					form.Set("subscriber[component_id]", evil)
				}
				for _, some := range []url.Values{form, {"mail": {"eve@evil.test"}, "email": {"eve@evil.test"}, "language": {"en"}, "key": {evil}, "component": {evil}, "name": {evil}, "role[]": {"viewer"}, "component[]": {evil}, "token": {evil}, "body.en": {"x"}}} {
					a := ask{method: method, path: fill.Replace(path), session: h.session(h.people[staff.Owner]), form: some}
					if got := h.ask(a); got.Code >= 500 {
						t.Errorf("%s with %q: %d", r.Pattern, evil, got.Code)
					}
				}
			}
		}
	})
}
