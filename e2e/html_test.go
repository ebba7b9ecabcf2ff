package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// validator installs html-validate as e2e/html/package-lock.json pins it.
var validator = sync.OnceValues(func() (string, error) {
	const program = "html/node_modules/html-validate/bin/html-validate.mjs"
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	if _, err := exec.LookPath("npm"); err != nil {
		return "", fmt.Errorf("html-validate: %w", err)
	}
	install := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = "html"
	if out, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	return program, nil
})

// invalid asks html-validate about pages as they were served and answers one line per fault.
func invalid(t *testing.T, pages map[string][]byte) (faults []string) {
	t.Helper()
	program, err := validator()
	if err != nil {
		lacking(t, err)
	}
	dir := t.TempDir()
	config, err := os.ReadFile("html/htmlvalidate.json")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, ".htmlvalidate.json"), config)
	names := map[string]string{}
	// To a file: what node still has to write into a pipe when it exits is lost.
	report := filepath.Join(dir, "report.json")
	args := []string{program, "--formatter", "json=" + report}
	for name, body := range pages {
		file := filepath.Join(dir, fmt.Sprintf("%04d.html", len(names)))
		names[file] = name
		write(t, file, body)
		args = append(args, file)
	}
	cmd := exec.CommandContext(t.Context(), "node", args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	said, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	out, err := os.ReadFile(report)
	if err != nil {
		t.Fatalf("html-validate: %v\n%s%s", err, said, stderr.String())
	}
	var reports []struct {
		FilePath string
		Messages []struct {
			RuleID, Message, Selector string
			Line, Column              int
		}
	}
	if err := json.Unmarshal(out, &reports); err != nil {
		t.Fatalf("html-validate: %v\n%s", err, out)
	}
	for _, r := range reports {
		for _, m := range r.Messages {
			faults = append(faults, fmt.Sprintf("%s:%d:%d %s: %s (%s)", names[r.FilePath], m.Line, m.Column, m.RuleID, m.Message, m.Selector))
		}
	}
	return faults
}

func write(t *testing.T, path string, body []byte) {
	t.Helper()
	if err := os.WriteFile(path, body, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestInvalidHTMLIsFound(t *testing.T) {
	t.Parallel()
	got := invalid(t, map[string][]byte{
		"good": []byte("<!DOCTYPE html>\n<html lang=\"en\"><head><title>Good</title></head><body><p>Good.</p></body></html>\n"),
		"bad":  []byte("<!DOCTYPE html>\n<html lang=\"en\"><head><title>Bad</title></head><body><p id=\"a\"><div id=\"a\">No</p></body></html>\n"),
	})
	all := strings.Join(got, "\n")
	if strings.Contains(all, "good:") || !strings.Contains(all, "no-dup-id") || !strings.Contains(all, "close-order") {
		t.Errorf("html-validate says:\n%s", all)
	}
}
