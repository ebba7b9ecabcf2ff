package settings_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"candor/lang"
	"candor/settings"
)

func filling() settings.Filling {
	return settings.Filling{
		settings.Company: settings.Said("Harbour"), settings.Components: settings.Said("Shop and Mail"), settings.Count: settings.Number(2, "2"),
		settings.Since: settings.Said(""), settings.Lasted: settings.Said("{company}"),
	}
}

func TestAWordingIsFilledIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, source, want string }{
		{"words stay words", "It works. }} <b>", "It works. }} <b>"},
		{"a place says its value", "{components} at {company}", "Shop and Mail at Harbour"},
		{"a value is never read again", "{lasted}", "{company}"},
		{"a doubled brace is a brace", "{{company} and {{{company}", "{company} and {Harbour"},
		{"what nobody knows is left out", "Down{if since}, since {since}{end}.", "Down."},
		{"or said differently", "{if since}since {since}{else}for a while{end}", "for a while"},
		{"what is known is said", "{if company}{company}{else}we{end}", "Harbour"},
		{"a number has its form", "{plural count}{one}is{other}are{end}", "are"},
		{"a choice within a choice", "{if company}{plural count}{one}a{other}b{if since}c{end}{end}{end}", "b"},
		{"space around a name is nobody's fault", "{ company }", "Harbour"},
		{"nothing", "", ""},
	} {
		w, wrong := settings.ReadWording("body", c.source)
		if wrong != nil {
			t.Errorf("%s: %v %v", c.name, wrong, wrong.Args)
			continue
		}
		if got, err := w.Fill(filling(), lang.For(lang.English).Form); err != nil || got != c.want {
			t.Errorf("%s: %q %v, want %q", c.name, got, err, c.want)
		}
	}
}

func TestWhatIsWrongWithAWordingIsSaidWithItsPlace(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("{if since}", 9) + strings.Repeat("{end}", 9)
	for _, c := range []struct {
		name, source, key string
		line, column      int
	}{
		{"an unknown place", "Hello\nöä {shop}", "problem.wording.place", 2, 4},
		{"an open brace", "a {company", "problem.wording.open", 1, 3},
		{"a brace in a brace", "{com{pany}}", "problem.wording.open", 1, 1},
		{"a line within braces", "{com\npany}", "problem.wording.open", 1, 1},
		{"no end", "ab{if since}x", "problem.wording.end", 1, 3},
		{"an end too many", "x{end}", "problem.wording.stray", 1, 2},
		{"an else too many", "{if since}{else}{else}{end}", "problem.wording.stray", 1, 17},
		{"a form outside a plural", "{if since}{one}{end}", "problem.wording.stray", 1, 11},
		{"too deep", deep, "problem.wording.deep", 1, 81},
		{"a plural of no number", "{plural company}{other}{end}", "problem.wording.number", 1, 1},
		{"a plural without forms", "{plural count}x{end}", "problem.wording.form", 1, 1},
		{"a plural without other", "{plural count}{one}x{end}", "problem.wording.form", 1, 1},
		{"a condition on nothing we know", "{if shop}{end}", "problem.wording.place", 1, 1},
	} {
		_, wrong := settings.ReadWording("body", c.source)
		if wrong == nil {
			t.Errorf("%s was let through", c.name)
			continue
		}
		args := map[string]any{}
		for i := 0; i < len(wrong.Args); i += 2 {
			args[wrong.Args[i].(string)] = wrong.Args[i+1]
		}
		if wrong.Key != c.key || args["line"] != c.line || args["column"] != c.column || wrong.Field != "body" {
			t.Errorf("%s: %s at %v:%v, want %s at %d:%d", c.name, wrong.Key, args["line"], args["column"], c.key, c.line, c.column)
		}
		if said := lang.For(lang.German).T(wrong.Key, wrong.Args...); strings.Contains(said, "⟦") || strings.Contains(said, "{line}") {
			t.Errorf("%s is said as %q", c.name, said)
		}
	}
}

// What other products' templates were asked to run (V6, V7, V8) is nothing but an unknown place here.
func TestV6NothingAnAttackerWritesInATemplateRuns(t *testing.T) {
	t.Setenv("CANDOR_CANARY", "canary-7391")
	for _, source := range []string{
		"{{['id']|filter('system')}}", "{{_self.env.registerUndefinedFilterCallback('exec')}}", "{% for x in 1..9 %}{% endfor %}",
		`{{env "CANDOR_CANARY"}}`, `{{ .Env.CANDOR_CANARY }}`, `{env "CANDOR_CANARY"}`, `{expandenv "$CANDOR_CANARY"}`, "${CANDOR_CANARY}",
		`{{ getHostByName "localhost" }}`, "{% include '/etc/passwd' %}", "{% render /etc/passwd %}", "{include /etc/passwd}", "{company.String}",
		"{range 9}{end}", "{if company|len}{end}", "{template \"x\"}", "{company}{define x}",
	} {
		w, wrong := settings.ReadWording("body", source)
		if wrong != nil {
			continue
		}
		got, err := w.Fill(filling(), lang.For(lang.English).Form)
		if err != nil || strings.Contains(got, "canary") || strings.Contains(got, "root:") || got != strings.ReplaceAll(source, "{{", "{") {
			t.Errorf("%q became %q, %v", source, got, err)
		}
	}
}

// V7: another function in a template's map is how others leaked their environment. Here there are no functions, and the places are these.
func TestV7TheListOfPlacesIsClosed(t *testing.T) {
	t.Parallel()
	want := []settings.Place{"components", "named", "count", "company", "since", "lasted"}
	if !slices.Equal(settings.Places[:], want) {
		t.Errorf("%v: whoever edits a text can read these", settings.Places)
	}
}

// V8: a fixed loader was bypassed by another spelling of a path. What has no loader cannot be.
func TestV8TheLanguageReachesNothingOutsideItself(t *testing.T) {
	t.Parallel()
	allowed := []string{`"slices"`, `"strings"`, `"unicode/utf8"`, `"candor/problem"`}
	for _, file := range []string{"wording.go", "wording_read.go"} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if i, is := n.(*ast.ImportSpec); is && !slices.Contains(allowed, i.Path.Value) {
				t.Errorf("%s imports %s", file, i.Path.Value)
			}
			return true
		})
	}
}

// 10⁵ made-up templates: none panics, none takes long, none becomes more than a page can carry (V6).
func TestV6MadeUpTemplatesAreBounded(t *testing.T) {
	t.Parallel()
	pieces := rapid.SampledFrom([]string{
		"{", "}", "{{", "{company}", "{components}", "{count}", "{since}", "{if since}", "{if company}", "{if count}", "{plural count}", "{one}", "{few}",
		"{other}", "{else}", "{end}", "{if company}{components}{else}x{end}", "{plural count}{one}a{other}b{end}", "{plural company}", " ", "\n", "é", "\xff", "{env}",
		strings.Repeat("{components}", 50), strings.Repeat("{if company}", 9), strings.Repeat("{", 100),
	})
	full := settings.Filling{}
	for _, p := range settings.Places {
		full[p] = settings.Value{Said: settings.Said(strings.Repeat("wörd ", 2000)).Said, Number: 2}
	}
	read, filled, refused, long := 0, 0, 0, 0
	var slowest time.Duration
	one := func(source string) {
		began := time.Now()
		w, wrong := settings.ReadWording("body", source)
		if read++; wrong != nil {
			refused++
			return
		}
		got, err := w.Fill(full, lang.For(lang.English).Form)
		slowest = max(slowest, time.Since(began))
		switch {
		case err != nil:
			long++
		case len(got) > 64<<10:
			t.Fatalf("%d bytes from %q", len(got), source)
		default:
			filled++
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		// A thousand in each of rapid's hundred: what it draws costs more than what it tests.
		some := rapid.SliceOfN(pieces, 8, 24).Draw(r, "pieces")
		seed := rapid.Uint64().Draw(r, "seed")
		for range 1000 {
			var b strings.Builder
			for range int(seed % 12) {
				seed = seed*6364136223846793005 + 1442695040888963407
				b.WriteString(some[seed>>33%uint64(len(some))])
			}
			seed = seed*6364136223846793005 + 1442695040888963407
			one(b.String())
		}
	})
	if read < 100_000 || filled < read/100 || refused < read/100 || long == 0 {
		t.Errorf("%d templates: %d filled, %d refused, %d too long: not looked at", read, filled, refused, long)
	}
	t.Logf("%d templates, %d filled, %d refused, %d too long; the slowest took %v", read, filled, refused, long, slowest)
}

// FuzzWording: no text that anybody keeps in the settings can stop a first word.
func FuzzWording(f *testing.F) {
	for _, seed := range []string{"{components}", "{if since}a{else}b{end}", "{plural count}{one}a{other}b{end}", "{{", "{", "{end}"} {
		f.Add(seed)
	}
	form := lang.For(lang.English).Form
	f.Fuzz(func(t *testing.T, source string) {
		w, wrong := settings.ReadWording("body", source)
		if wrong != nil {
			return
		}
		if got, err := w.Fill(filling(), form); err == nil && len(got) > 64<<10 {
			t.Errorf("%d bytes", len(got))
		}
	})
}
