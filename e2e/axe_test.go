package e2e

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe is axe-core, see testdata/README.md.
//
//go:embed testdata/axe.min.js
var axe string

// A violation is one rule that a page breaks, and where.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct {
		HTML, Target, Why string
	}
}

func (v violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n      %s\n        %s\n        %s", n.Target, n.HTML, strings.ReplaceAll(n.Why, "\n", "\n        "))
	}
	return b.String()
}

// runAxe answers with the violations alone, so that a page's worth of passes does not cross the wire.
const runAxe = `(async () => {
	const found = await axe.run(document, {resultTypes: ['violations']});
	return found.violations.map(v => ({ID: v.id, Impact: v.impact || '', Help: v.help, Nodes: v.nodes.slice(0, 5).map(n => ({
		HTML: n.html.slice(0, 300), Target: n.target.flat().join(' '), Why: n.failureSummary || ''}))}));
})()`

// violations asks axe about the page as it stands: every rule that axe has switched on by itself, WCAG and best practice alike.
func (b *tab) violations() []violation {
	b.t.Helper()
	if !evaluate[bool](b, `typeof axe === "object"`) {
		b.do("load axe", chromedp.Evaluate[chromedp.Void](axe))
	}
	return read(b, "run axe", chromedp.Evaluate[[]violation](runAxe, chromedp.EvalAwaitPromise))
}

// readableByAll runs axe in light and dark, on a desk and on a phone, on the page that is open.
func (b *tab) readableByAll(t *testing.T, page string) (found int) {
	t.Helper()
	for _, width := range []int64{1280, 360} {
		b.size(width)
		for _, scheme := range []string{"light", "dark"} {
			found += b.readableIn(t, page, width, scheme)
		}
	}
	b.size(1280)
	b.scheme("light")
	return found
}

// readableOnAPhone is readableByAll at its narrowest and darkest: for a state of a page whose others are looked at elsewhere.
func (b *tab) readableOnAPhone(t *testing.T, page string) {
	t.Helper()
	b.size(360)
	b.readableIn(t, page, 360, "dark")
	b.scheme("light")
}

func (b *tab) readableIn(t *testing.T, page string, width int64, scheme string) (found int) {
	t.Helper()
	b.scheme(scheme)
	for _, v := range b.violations() {
		found++
		t.Errorf("%s at %d px, %s: %s", page, width, scheme, v)
	}
	if wide := evaluate[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		t.Errorf("%s at %d px scrolls sideways by %d px", page, width, wide)
	}
	return found
}
