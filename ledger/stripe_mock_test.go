package ledger_test

import (
	"bufio"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"candor/ledger"
)

// stripeMock starts Stripe's own mock, which checks each request against Stripe's description of its API and remembers nothing.
func stripeMock(t *testing.T) string {
	t.Helper()
	mock := filepath.Join(t.TempDir(), "stripe-mock")
	build := exec.CommandContext(t.Context(), "go", "build", "-modfile=../tools/stripe/go.mod", "-o", mock, "github.com/stripe/stripe-mock")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build stripe-mock: %v\n%s", err, said)
	}
	run := exec.CommandContext(t.Context(), mock, "-http-addr", "127.0.0.1:0")
	out, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	run.Stderr = run.Stdout
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = run.Process.Kill(); _ = run.Wait() })
	var heard strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		heard.WriteString(lines.Text() + "\n")
		if at := listening.FindString(lines.Text()); at != "" {
			go func() { // it stops where nobody reads what it says
				for lines.Scan() {
				}
			}()
			return "http://" + at
		}
	}
	t.Fatalf("stripe-mock does not listen:\n%s", heard.String())
	return ""
}

var listening = regexp.MustCompile(`127\.0\.0\.1:\d+|\[::\]:\d+`)

func TestStripeTakesWhatWeSayForItsAPI(t *testing.T) {
	t.Parallel()
	address := stripeMock(t)
	book := ledger.NewStripe("sk_test_123", address)
	x := export(2)
	x.Entries = append(x.Entries,
		ledger.Entry{Key: "fee_1", Account: "cus_1", Amount: euros(3500), Text: "Refund", Charge: "ch_123"},
		ledger.Entry{Key: "fee_2", Account: "cus_1", Amount: euros(3500), Text: "Refund", Charge: "pi_123"})
	for _, o := range book.Enter(t.Context(), x) {
		if o.Became != ledger.Entered || o.Entry == "" {
			t.Errorf("%+v", o)
		}
	}
	if _, err := book.Holds(t.Context(), x); err != nil {
		t.Errorf("asked what it holds: %v", err)
	}
	bad := ledger.NewStripe("wrong", address).Enter(t.Context(), export(1))
	if bad[0].Reason != ledger.NotAllowed {
		t.Errorf("a wrong key: %+v", bad[0])
	}
}
