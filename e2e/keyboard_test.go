package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A stand is where the keyboard's focus is.
type stand struct {
	Name    string // id, or name and value, or the words on it
	Tag     string
	Top     float64
	Visible bool // on the screen, with a size
	Ring    bool // with an outline that can be seen
	Covered bool // wholly, by something that sticks to the window (WCAG 2.4.11)
}

const standing = `(() => {
	const e = document.activeElement, r = e.getBoundingClientRect(), s = getComputedStyle(e);
	const ring = c => c.outlineStyle !== "none" && parseFloat(c.outlineWidth) > 0;
	const x = Math.min(Math.max(r.left + r.width / 2, 0), innerWidth - 1), label = e.labels && e.labels[0];
	const seen = y => {
		const over = document.elementFromPoint(x, Math.min(Math.max(y, 0), innerHeight - 1));
		return over && (e.contains(over) || over.contains(e) || (label && label.contains(over)));
	};
	const ours = seen(r.top + 4) || seen(r.top + r.height / 2) || seen(r.bottom - 4);
	return {Covered: !ours, Name: e.id || (e.name ? e.name + (e.type === "radio" ? "=" + e.value : "") : e.textContent.trim().slice(0, 40)), Tag: e.tagName,
		Top: r.top + scrollY, Visible: r.width > 4 && r.height > 4 && r.bottom > 0 && r.top < innerHeight,
		Ring: ring(s) || (e.closest("label") !== null && ring(getComputedStyle(e.closest("label"))))};
})()`

func (b *tab) key(keys string) stand {
	b.t.Helper()
	b.do("press a key", chromedp.KeyEvent(keys))
	return evaluate[stand](b, standing)
}

// round goes through a page with the Tab key until it leaves it.
func (b *tab) round(most int) (all []stand) {
	b.t.Helper()
	for range most {
		s := b.key(kb.Tab)
		if s.Tag == "BODY" {
			return all
		}
		if !s.Ring {
			b.t.Errorf("%s: nobody can see that %s %q has the focus", b.address(), s.Tag, s.Name)
		}
		if !s.Visible {
			b.t.Errorf("%s: %s %q has the focus out of sight", b.address(), s.Tag, s.Name)
		}
		if s.Visible && s.Covered {
			b.t.Errorf("%s: %s %q has the focus behind something", b.address(), s.Tag, s.Name)
		}
		all = append(all, s)
	}
	b.t.Errorf("%s: %d times Tab and no end: a trap?", b.address(), most)
	return all
}

func TestKeyboardAlone(t *testing.T) {
	t.Parallel()
	b := newTab(t)
	// Who asks for little motion is not scrolled smoothly, and so the focus has arrived when we look.
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}})
	p := worstDay(t)
	t.Run("the first Tab shows a link past the header, and Enter takes it", func(t *testing.T) {
		b.visit(p.Site + "/en/")
		first := b.key(kb.Tab)
		if !first.Visible || first.Name != "Skip to the news" && !strings.HasPrefix(first.Name, "Skip") {
			t.Errorf("the first Tab leads to %+v", first)
		}
		b.key(kb.Enter)
		if hash := evaluate[string](b, `location.hash`); hash != "#main" {
			t.Errorf("Enter leads to %q", hash)
		}
		if next := b.key(kb.Tab); evaluate[bool](b, `document.activeElement.closest("header") !== null`) {
			t.Errorf("after skipping, Tab is still in the header: %+v", next)
		}
	})
	t.Run("every stop of the page can be seen", func(t *testing.T) {
		b.visit(p.Site + "/en/")
		if n := len(b.round(200)); n < 10 {
			t.Errorf("only %d stops", n)
		}
	})
	t.Run("declaring goes from what is broken over the words to posting", func(t *testing.T) {
		b.signIn(p)
		b.visit(p.Console + "/declare")
		all := b.round(200)
		at := func(what string, is func(stand) bool) int {
			i := slices.IndexFunc(all, is)
			if i < 0 {
				t.Errorf("Tab never reaches %s: %v", what, all)
			}
			return i
		}
		order := []int{
			at("the first component", func(s stand) bool { return strings.HasPrefix(s.Name, "c-") }),
			at("can customers work", func(s stand) bool { return strings.HasPrefix(s.Name, "cannot_work=") }),
			at("the title", func(s stand) bool { return s.Name == "title-en" }),
			at("the words", func(s stand) bool { return s.Name == "body-en" }),
			at("posting", func(s stand) bool { return s.Name == "Post the first word" }),
		}
		if !slices.IsSorted(order) {
			t.Errorf("order of the stops: %v in %v", order, all)
		}
	})
}
