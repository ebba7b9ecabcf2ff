package letter

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"candor/lang"
)

func TestEveryScriptReadsWellInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, language := range lang.All() {
		for kind, n := range map[string]News{"outage": outage(), "breach": breach(), "resolved": resolved(), "maintenance": maintenance()} {
			s := desk(t, language).Script(n, "Kim Berg", "042 117", at("19:30:00"))
			golden(t, filepath.Join("testdata", "script-"+kind+"."+language.Path()+".txt"), strings.Join(s.Lines, "\n")+"\n\n"+s.Note+"\n\n"+s.Latest+"\n")
		}
	}
}

func TestWhoCallsSaysFirstWhoTheyAreAndHowToBeSure(t *testing.T) {
	t.Parallel()
	s := desk(t, lang.English).Script(breach(), "Kim Berg", "042 117", at("19:30:00").Add(3*24*time.Hour))
	if !strings.Contains(s.Lines[0], "Kim Berg") || !strings.Contains(s.Lines[0], "Harbour") || !strings.Contains(s.Lines[1], "042 117") {
		t.Errorf("the script begins %q", s.Lines[:2])
	}
	all := strings.Join(s.Lines, "\n")
	if !strings.Contains(all, "Change your password now.") || !strings.Contains(all, "10 September 2012") || !strings.HasSuffix(all, "?") {
		t.Errorf("steps, the day or the question is missing:\n%s", all)
	}
	if strings.Contains(all, "Canary") {
		t.Error("a private component is named")
	}
}
