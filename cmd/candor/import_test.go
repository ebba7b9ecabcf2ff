package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCustomersAreTakenInAndWrittenOut(t *testing.T) {
	dir := t.TempDir()
	database, file := "sqlite:"+filepath.Join(dir, "candor.db"), filepath.Join(dir, "customers.csv")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("Kundennummer;Name;E-Mail;Schuhgröße\n1;Jürgen;j@example.com;43\n2;Ann;nobody;38\n3;=1+1;c@example.com;41\n")
	for _, c := range []struct {
		what     string
		args     []string
		code     int
		out, err string
	}{
		{"strict", []string{"--strict", file}, 1, "Nothing was taken in. It would have been: 2 added, 0 changed, 0 unchanged, 1 refused, of 3 rows.", "line 3, column 3 (E-Mail): nobody is not a mail address"},
		{"a dry run", []string{"--dry-run", file}, 1, "Would be taken in: 2 added", "line 3"},
		{"for real", []string{file}, 1, "Taken in: 2 added, 0 changed, 0 unchanged, 1 refused, of 3 rows.\nThe column \"Schuhgröße\" means nothing", "line 3"},
		{"no such file", []string{file + ".gone"}, 2, "", "customers.csv.gone"},
		{"a folder", []string{dir}, 2, "", "is not a file"},
	} {
		code, out, err := call(t, append([]string{"import", "customers", "--database", database}, c.args...)...)
		if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(err, c.err) {
			t.Errorf("%s: exit %d\n%s\n%s", c.what, code, out, err)
		}
	}
	code, out, err := call(t, "export", "customers", "--database", database)
	if code != 0 || !strings.Contains(out, "1,Jürgen,") || !strings.Contains(out, "3,'=1+1,") {
		t.Errorf("export: exit %d\n%s\n%s", code, out, err)
	}
	write(out)
	if code, out, err := call(t, "import", "customers", "--database", database, file); code != 0 || !strings.Contains(out, "0 added, 0 changed, 2 unchanged") {
		t.Errorf("the export taken in again: exit %d\n%s\n%s", code, out, err)
	}
	write("id,email\n1,nobody\n")
	code, out, _ = call(t, "import", "customers", "--json", "--database", database, file)
	var report importReport
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != 1 || report.Refused != 1 || len(report.Faults) != 1 || report.Faults[0].Line != 2 || report.Faults[0].Column != 2 {
		t.Errorf("exit %d, %v\n%s", code, err, out)
	}
}
