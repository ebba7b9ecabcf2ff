package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// call runs a command as a shell would.
func call(t *testing.T, args ...string) (code int, out, err string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, terminal{out: &o, err: &e})
	return code, o.String(), e.String()
}

func TestEveryCommandHasHelpWithAnExample(t *testing.T) {
	for _, command := range []string{
		"serve", "demo", "snapshot", "doctor", "bounce", "staff add", "import customers", "export customers", "incident declare", "incident post", "incident hold", "incident resolve",
		"credits compute", "credits explain", "credits lint", "credits draft",
	} {
		code, out, _ := call(t, append(strings.Fields(command), "--help")...)
		if code != 0 || !strings.Contains(out, "Example:") || !strings.Contains(out, "candor "+command) {
			t.Errorf("candor %s --help: exit %d, example missing in:\n%s", command, code, out)
		}
	}
}

func TestWrongUseIsTwoAndSaysWhatToDo(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"no command", nil, "--help"},
		{"a command there is not", []string{"sing"}, "--help"},
		{"a flag there is not", []string{"serve", "--port", "80"}, "--port"},
		{"a database of no known kind", []string{"serve", "--database", "mysql://x"}, "sqlite:PATH"},
		{"an address without a port", []string{"serve", "--listen", "localhost"}, "HOST:PORT"},
		{"a public address with a path", []string{"serve", "--public-url", "https://x.example/status"}, "--public-url"},
		{"an act without a token", []string{"incident", "hold", "abc"}, "CANDOR_TOKEN"},
		{"a scenario there is not", []string{"demo", "--scenario", "titanic"}, "--scenario"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, _, err := call(t, c.args...)
			if code != exitUsage || !strings.Contains(err, c.want) {
				t.Errorf("exit %d, %q: want %d and a word about %q", code, err, exitUsage, c.want)
			}
		})
	}
}

func TestFlagsWinOverTheEnvironmentAndThatOverTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "candor.json")
	if err := os.WriteFile(file, []byte(`{"server": "http://127.0.0.1:1"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	said := func(args ...string) string {
		_, _, err := call(t, append([]string{"incident", "hold", "abc", "--token", "x", "--config", file}, args...)...)
		return err
	}
	if got := said(); !strings.Contains(got, "127.0.0.1:1") {
		t.Errorf("the file alone: %s", got)
	}
	t.Setenv("CANDOR_SERVER", "http://127.0.0.1:2")
	if got := said(); !strings.Contains(got, "127.0.0.1:2") {
		t.Errorf("the environment over the file: %s", got)
	}
	if got := said("--server", "http://127.0.0.1:3"); !strings.Contains(got, "127.0.0.1:3") {
		t.Errorf("the flag over both: %s", got)
	}
}

func TestAMisspeltKeyInTheFileIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "candor.json")
	if err := os.WriteFile(file, []byte(`{"public-url": "https://status.example.com"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, err := call(t, "serve", "--config", file)
	if code != exitUsage || !strings.Contains(err, "public-url") || !strings.Contains(err, "public_url") {
		t.Errorf("exit %d, %q: want %d and both spellings", code, err, exitUsage)
	}
}

func TestStaffAddMakesAPersonAndAToken(t *testing.T) {
	t.Setenv("CANDOR_PASSWORD", "a long enough pass phrase")
	db := "sqlite:" + filepath.Join(t.TempDir(), "c.db")
	args := []string{"staff", "add", "--database", db, "--name", "Dana", "--mail", "dana@example.com", "--role", "owner", "--token", "--json"}
	code, out, errs := call(t, args...)
	var got struct{ ID, Mail, Token string }
	if err := json.Unmarshal([]byte(out), &got); code != 0 || err != nil || !strings.HasPrefix(got.Token, "cnd_") || got.Mail != "dana@example.com" {
		t.Fatalf("exit %d, %q %s", code, out, errs)
	}
	if code, _, errs := call(t, args...); code != exitNo || errs == "" {
		t.Errorf("the same mail twice: exit %d %q, want %d and a reason", code, errs, exitNo)
	}
}

func TestStaffAddWithoutAPasswordPrintsALinkToChooseOne(t *testing.T) {
	db := "sqlite:" + filepath.Join(t.TempDir(), "candor.db")
	code, out, errs := call(t, "staff", "add", "--database", db, "--name", "Dana", "--mail", "dana@example.com", "--role", "owner")
	if code != 0 || !strings.Contains(out, " /console/invitation/") {
		t.Errorf("%d: %s%s", code, out, errs)
	}
}

func TestDoctorSaysNoWithOneAndReadsAsJSON(t *testing.T) {
	db := "sqlite:" + filepath.Join(t.TempDir(), "c.db")
	code, out, errs := call(t, "doctor", "--database", db, "--json", "--smtp", "smtp://127.0.0.1:1")
	var findings []struct{ About, Grade, Saw string }
	if err := json.Unmarshal([]byte(out), &findings); err != nil || code != exitNo {
		t.Fatalf("exit %d, %v: %s%s", code, err, out, errs)
	}
	grades := map[string]string{}
	for _, f := range findings {
		grades[f.About] = f.Grade
	}
	if grades["database"] != "good" || grades["mail relay"] != "bad" {
		t.Errorf("findings: %v, want a good database and a bad relay", grades)
	}
}

func TestServeStopsWhenItIsTold(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out := &lineWriter{lines: make(chan string, 1)}
	done := make(chan int)
	db := "sqlite:" + filepath.Join(t.TempDir(), "c.db")
	go func() {
		done <- run(ctx, []string{"serve", "--json", "--listen", "127.0.0.1:0", "--database", db}, terminal{out: out, err: &bytes.Buffer{}})
	}()
	var hello greeting
	if err := json.Unmarshal([]byte(<-out.lines), &hello); err != nil || !strings.HasPrefix(hello.Setup, hello.Console+"/setup/") {
		t.Errorf("hello %+v, %v: want a set-up link", hello, err)
	}
	cancel()
	if code := <-done; code != 0 {
		t.Errorf("exit %d, want 0", code)
	}
}

// lineWriter hands over each line as it is written.
type lineWriter struct{ lines chan string }

func (w *lineWriter) Write(p []byte) (int, error) {
	w.lines <- string(p)
	return len(p), nil
}
