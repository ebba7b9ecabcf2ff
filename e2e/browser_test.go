package e2e

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

var picture = flag.Bool("picture", false, "write docs/picture.png, the README's picture")

// chromium is the one browser of a test run; every test opens tabs of its own in it, with cookies of their own.
var chromium struct {
	once    sync.Once
	ctx     context.Context
	missing error
}

// browser starts Chromium on first use. A machine that cannot have one skips aloud; CI must have one.
func browser(t *testing.T) context.Context {
	t.Helper()
	chromium.once.Do(startChromium)
	if chromium.missing == nil {
		return chromium.ctx
	}
	lacking(t, chromium.missing)
	return nil
}

// lacking ends a test that needs what this machine does not have.
func lacking(t *testing.T, what error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("CI must run this: %v", what)
	}
	t.Skipf("SKIPPED, NOT TESTED: %v", what)
}

func startChromium() {
	path, err := findChromium()
	if err != nil {
		chromium.missing = err
		return
	}
	profile, err := os.MkdirTemp("", "candor-e2e-profile-")
	if err != nil {
		chromium.missing = err
		return
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.UserDataDir(profile),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		// Whatever Chromium would ask the world by itself: tests run on closed networks.
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-background-timer-throttling", true), chromedp.Flag("disable-backgrounding-occluded-windows", true),
		chromedp.Flag("disable-renderer-backgrounding", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "en-US"),
	)
	ctx, stop := chromedp.NewContext(alloc)
	cleanups = append(cleanups, func() {
		stop()
		stopAlloc()
		os.RemoveAll(profile)
	})
	chromium.ctx, chromium.missing = ctx, chromedp.Do(ctx)
}

// findChromium believes TEST_BROWSER, which make test sets, and asks scripts/browser otherwise.
func findChromium() (string, error) {
	if path := os.Getenv("TEST_BROWSER"); path != "" {
		return path, nil
	}
	cmd := exec.Command("../scripts/browser")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("scripts/browser: %w: %s", err, stderr.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// cleanups end what tests share, in reverse order: programs, the browser, temporary files.
var cleanups []func()

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	for i := len(cleanups) - 1; i >= 0; i-- {
		cleanups[i]()
	}
	os.Exit(code)
}
