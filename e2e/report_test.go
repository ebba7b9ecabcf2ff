package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// accounted is a published report with an action that is done and one that is not.
func (p *program) accounted(t *testing.T, code string) {
	t.Helper()
	at := "/api/v1/incidents/" + code
	en := func(words string) map[string]string { return map[string]string{"en": words} }
	var is struct{ Version int64 }
	p.api(t, "PUT", at+"/report", map[string]any{"words": map[string]any{
		"summary": en("Our telephones crackled. That was our mistake."), "cause": en("A **cable** was bent, and no alarm listens to noise."),
		"well": en("Mail worked all the time."), "apology": en("I am sorry that we made you say everything twice."),
	}}, &is)
	for _, title := range []string{"An alarm that hears the noise", "A second cable"} {
		p.api(t, "POST", at+"/actions", map[string]any{"kind": "detect", "title": en(title), "due_at": time.Now().AddDate(0, 0, 20)}, nil)
	}
	p.api(t, "GET", at+"/report", nil, &is)
	p.api(t, "POST", at+"/report/publish", map[string]any{"version": is.Version}, nil)
	var list struct{ Actions []struct{ ID string } }
	p.api(t, "GET", at+"/report", nil, &list)
	p.api(t, "POST", "/api/v1/actions/"+list.Actions[0].ID+"/done", map[string]any{"note": en("It rings on the third crackle")}, nil)
}

// An author goes by links and buttons from an incident that is over to a report that everybody reads, on paper too.
func TestAnAuthorGoesFromTheEndOfAnIncidentToAPublishedReport(t *testing.T) {
	t.Parallel()
	browser(t)
	p, stop, err := start("demo", "--scenario", "none")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	t.Cleanup(func() { p.confess(t) })
	p.bakery(t)
	code := p.trouble(t)

	b := &agent{tab: newTab(t), name: "Dana"}
	b.signIn(p)
	b.visit(p.Console + "/incidents/" + code + "/report")
	b.follow("Begin the report")
	b.says("draft, staff only", "Why could it happen?", "Update 1")
	b.fill("summary-en", "For some minutes your websites did not answer. That was our mistake. […]")
	b.follow("Publish the report")
	b.says("Not posted yet. What you typed is still here.")
	if typed := evaluate[string](b.tab, `document.getElementById("summary-en").value`); !strings.HasSuffix(typed, "our mistake. […]") {
		t.Errorf("what was typed became %q", typed)
	}
	pages := map[string][]byte{"editor": b.served()}
	b.readableOnAPhone(t, "the report's editor")
	b.size(1280)
	// Each language begins with a first draft; hers are none of the other four.
	evaluate[any](b.tab, `[...document.querySelectorAll("textarea[lang]:not([lang=en])")].forEach(e => { e.value = "" })`)
	b.fill("summary-en", "For some minutes your websites did not answer. That was our mistake.")
	b.fill("cause-en", "A disk was full, and nothing told us before. That is ours to watch.")
	b.fill("apology-en", "I am sorry. You rely on us, and for some minutes you could not.")
	b.follow("Keep the draft")
	b.follow("Add an action")
	b.fill("title-en", "An alarm before the disk is full")
	pages["action"] = b.served()
	b.readableOnAPhone(t, "a new action")
	b.follow("Add the action")
	b.says("An alarm before the disk is full")
	b.visit(p.Console + "/incidents/" + code + "/report")
	b.follow("Publish the report")
	b.says("published", "Correct it in the open")
	pages["published"] = b.served()

	b.follow("on the page")
	b.says("did not answer. That was our mistake.", "A disk was full", "An alarm before the disk is full")
	b.onPaper(t, "report")
	for _, fault := range invalid(t, pages) {
		t.Error(fault)
	}
	for _, said := range b.seen.complaints() {
		if !strings.Contains(said, "422") { // the browser reports the refusal that was asked for
			t.Errorf("the console says: %s", said)
		}
	}
}

// onPaper leaves a picture of the page as it is printed, which has neither scripts nor ways to other pages.
func (b *tab) onPaper(t *testing.T, name string) {
	t.Helper()
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	b.do("size to a sheet", chromedp.EmulateViewport(794, 1123))
	if shown := evaluate[int](b, `[...document.querySelectorAll(".no-print, nav, button")].filter(e => e.getClientRects().length > 0).length`); shown > 0 {
		t.Errorf("%s on paper has %d things to press", name, shown)
	}
	if err := os.MkdirAll("shots", 0o755); err != nil {
		t.Fatal(err)
	}
	tall := evaluate[int64](b, `document.documentElement.scrollHeight`)
	b.do("stretch the sheet", chromedp.EmulateViewport(794, tall))
	write(t, filepath.Join("shots", name+"-print.png"), read(b, "take a picture", chromedp.CaptureScreenshot()))
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
}
