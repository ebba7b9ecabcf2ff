package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Two languages that nobody speaks, made from English: one a third longer and full of accents, one written from right to left. They show what
// a layout has taken for granted before the first reader of such a language does. They are laid over the source for one build.
var invented = map[string]func(map[string]string){
	"en-XA": func(c map[string]string) { c["_name"] = "[!! Pseudo !!]" },
	"ar-XB": func(c map[string]string) { c["_name"], c["_dir"] = "ةيودب", "rtl" },
}

var (
	accents = strings.NewReplacer("a", "å", "e", "é", "i", "ï", "o", "ö", "u", "ü", "n", "ñ", "c", "ç", "A", "Å", "E", "É", "O", "Ö", "U", "Ü", "S", "Š")
	arabic  = strings.NewReplacer("a", "ا", "b", "ب", "c", "ص", "d", "د", "e", "ه", "f", "ف", "g", "ج", "h", "ح", "i", "ي", "j", "خ", "k", "ك", "l", "ل", "m", "م",
		"n", "ن", "o", "و", "p", "پ", "q", "ق", "r", "ر", "s", "س", "t", "ت", "u", "ع", "v", "ث", "w", "ش", "x", "ض", "y", "ى", "z", "ز")
	inBraces = regexp.MustCompile(`\{[^{}]*\}|%[a-z]`)
)

// spoken turns the words between placeholders.
func spoken(tag, words string) string {
	turn := func(s string) string {
		if tag == "ar-XB" {
			return arabic.Replace(strings.ToLower(s))
		}
		return accents.Replace(s)
	}
	var b strings.Builder
	end := 0
	for _, at := range inBraces.FindAllStringIndex(words, -1) {
		b.WriteString(turn(words[end:at[0]]) + words[at[0]:at[1]])
		end = at[1]
	}
	b.WriteString(turn(words[end:]))
	if tag == "en-XA" && len(words) > 3 { // German runs a third longer than English, and the shortest words most of all
		b.WriteString(" " + strings.Repeat("öñé ", (len(words)+11)/12)[:max(5, len(words)/3)])
	}
	return strings.ToValidUTF8(b.String(), "")
}

// overlaid builds the program with the invented languages in it.
func overlaid(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(root, "lang/catalogues/en.json"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for tag, change := range invented {
		c := map[string]string{}
		if err := json.Unmarshal(raw, &c); err != nil {
			t.Fatal(err)
		}
		for key, words := range c {
			if !strings.HasPrefix(key, "_") {
				c[key] = spoken(tag, words)
			}
		}
		change(c)
		made, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, tag+".json")
		write(t, path, made)
		overlay.Replace[filepath.Join(root, "lang/catalogues", tag+".json")] = path
	}
	file, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "overlay.json"), file)
	path, err := built(filepath.Join(dir, "candor"), "-overlay", filepath.Join(dir, "overlay.json"))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestThePageStandsInLongWordsAndFromRightToLeft(t *testing.T) {
	t.Parallel()
	b := newTab(t)
	p, stop, err := startBuilt(overlaid(t), "demo", "--scenario", "none")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	p.play(t, "godaddy-2012", 171)
	b.visit(p.Site + "/en/")
	code := b.openIncident()
	for tag, direction := range map[string]string{"en-XA": "ltr", "ar-XB": "rtl"} {
		for name, path := range map[string]string{
			"home": "/", "incident": "/incidents/" + code, "subscribe": "/subscribe", "history": "/history", "uptime": "/uptime", "number": "/number", "nothing": "/nothing-here",
		} {
			status := b.visit(p.Site + "/" + tag + path)
			if status != http.StatusOK && name != "nothing" && name != "number" {
				t.Errorf("%s in %s: status %d", name, tag, status)
				continue
			}
			if got := evaluate[string](b, `getComputedStyle(document.body).direction + " " + document.documentElement.lang`); got != direction+" "+tag {
				t.Errorf("%s in %s is written %s", name, tag, got)
			}
			for _, width := range []int64{360, 1280} {
				b.size(width)
				if wide := evaluate[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
					t.Errorf("%s in %s at %d px scrolls sideways by %d px", name, tag, width, wide)
				}
				if out := evaluate[string](b, leaving); out != "" {
					t.Errorf("%s in %s at %d px: something sticks out: %s", name, tag, width, out)
				}
			}
			b.takeShots("lang-"+tag+"-"+name, 360)
		}
		// The headline begins where lines of the language begin.
		b.visit(p.Site + "/" + tag + "/subscribe")
		b.size(1280)
		if start := evaluate[string](b, `(() => { const h = document.querySelector('h1'), r = document.createRange(); r.selectNodeContents(h);
			const a = r.getBoundingClientRect(), c = h.getBoundingClientRect(); return a.left - c.left < c.right - a.right + 1 ? (a.right < c.right - 1 ? 'ltr' : 'full') : 'rtl'; })()`); start != direction && start != "full" {
			t.Errorf("in %s the headline begins as in %s", tag, start)
		}
	}
}

// leaving is the first element that shows words outside the window, and is not made to scroll or to be unseen.
const leaving = `(() => {
	const wide = document.documentElement.clientWidth;
	for (const e of document.body.querySelectorAll('*')) {
		const r = e.getBoundingClientRect();
		if (r.width < 2 || r.height < 2 || e.closest('.scroll, .unseen, .trap, svg, [hidden], .bars')) continue;
		if (r.left < -1 || r.right > wide + 1) return e.outerHTML.slice(0, 200) + ' ' + r.left + '–' + r.right;
	}
	return '';
})()`
