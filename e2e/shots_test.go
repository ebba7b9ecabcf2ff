package e2e

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// takeShots leaves pictures of the open page in e2e/shots: in light and dark, at each width, from top to bottom.
func (b *tab) takeShots(name string, widths ...int64) {
	b.t.Helper()
	if err := os.MkdirAll("shots", 0o755); err != nil {
		b.t.Fatal(err)
	}
	for _, width := range widths {
		b.size(width)
		for _, scheme := range []string{"light", "dark"} {
			b.scheme(scheme)
			// In a window as tall as the page, what sticks to the window's edge stands where the page ends.
			tall := evaluate[int64](b, `document.documentElement.scrollHeight`)
			b.do("stretch the window", chromedp.EmulateViewport(width, tall))
			shot := read(b, "take a picture", chromedp.CaptureScreenshot())
			b.size(width)
			write(b.t, filepath.Join("shots", fmt.Sprintf("%s-%d-%s.png", name, width, scheme)), shot)
		}
	}
	b.size(1280)
	b.scheme("light")
}

func TestShots(t *testing.T) {
	t.Parallel()
	b := newTab(t)
	p := worstDay(t)
	b.visit(p.Site + "/en/")
	b.takeShots("worst", 1280, 390)
	code := b.openIncident()
	for name, path := range map[string]string{
		"incident-zh": "/zh-Hant/incidents/" + code, "incident-en": "/en/incidents/" + code, "worst-zh": "/zh-Hant/", "worst-de": "/de/",
		"subscribe": "/en/subscribe", "history": "/en/history", "uptime": "/en/uptime", "promises": "/de/promises", "track": "/en/track-record",
	} {
		if status := b.visit(p.Site + path); status != http.StatusOK {
			t.Errorf("%s: status %d", path, status)
		}
		b.takeShots(name, 1280, 390)
	}
	b.signIn(p)
	for name, path := range map[string]string{
		"now": "", "declare": "/declare", "incident": "/incidents/" + code, "write": "/incidents/" + code + "/write", "settings": "/settings", "say": "/say",
		"reach": "/reach", "prove": "/prove", "deadlines": "/deadlines", "promises": "/settings/promises", "components": "/components", "people": "/people", "mine": "/mine", "maintenance": "/maintenance", "outbox": "/outbox",
	} {
		if status := b.visit(p.Console + path); status != http.StatusOK {
			t.Errorf("console%s: status %d", path, status)
		}
		b.takeShots("console-"+name, 1280, 390)
	}
}

// The README's picture is the page on its worst day as a desk and a phone show it, made by make picture.
func TestPicture(t *testing.T) {
	if !*picture {
		t.Skip("only with -picture")
	}
	b := newTab(t)
	p := worstDay(t)
	command(b, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "America/New_York"}) // a customer of theirs
	frame := image.NewRGBA(image.Rect(0, 0, 1280+40+390, 900))
	draw.Draw(frame, frame.Bounds(), image.White, image.Point{}, draw.Src)
	for _, part := range []struct {
		at    int
		width int64
		dark  string
		path  string
	}{{0, 1280, "light", "/en/"}, {1320, 390, "dark", "/en/"}} {
		b.do("frame", chromedp.EmulateViewport(part.width, 900))
		b.scheme(part.dark)
		b.visit(p.Site + part.path)
		shot, err := png.Decode(bytes.NewReader(read(b, "take a picture", chromedp.CaptureScreenshot())))
		if err != nil {
			t.Fatal(err)
		}
		draw.Draw(frame, image.Rect(part.at, 0, part.at+int(part.width), 900), shot, image.Point{}, draw.Src)
	}
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, fewColours(frame)); err != nil {
		t.Fatal(err)
	}
	if out.Len() > 250_000 {
		t.Fatalf("the picture has %d bytes, 250 kB are allowed", out.Len())
	}
	write(t, "../docs/picture.png", out.Bytes())
}

// fewColours keeps the 256 that are used most: letters on paper need no more, and the picture has half the bytes.
func fewColours(from *image.RGBA) *image.Paletted {
	used := map[color.RGBA]int{}
	for i := 0; i < len(from.Pix); i += 4 {
		used[color.RGBA{from.Pix[i], from.Pix[i+1], from.Pix[i+2], from.Pix[i+3]}]++
	}
	all := slices.SortedFunc(maps.Keys(used), func(a, b color.RGBA) int { return cmp.Compare(used[b], used[a]) })
	var palette color.Palette
	for _, c := range all[:min(len(all), 256)] {
		palette = append(palette, c)
	}
	to := image.NewPaletted(from.Bounds(), palette)
	draw.Draw(to, to.Bounds(), from, image.Point{}, draw.Src)
	return to
}
