package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A program is a running Candor, as its --json line introduces it.
type program struct {
	Site     string `json:"site"`
	Console  string `json:"console"`
	Mail     string `json:"mail"`
	Password string `json:"password"`
	Token    string `json:"token"`
	Setup    string `json:"setup"`

	mailed []string // links that only letters have
	told   string   // the incident whose report is published
	log    syncBuffer
}

// binary is built once, as it is released: without cgo.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "candor-e2e-")
	if err != nil {
		return "", err
	}
	cleanups = append(cleanups, func() { os.RemoveAll(dir) })
	return built(filepath.Join(dir, "candor"))
})

func built(path string, flags ...string) (string, error) {
	build := exec.Command("go", append(append([]string{"build", "-o", path}, flags...), "./cmd/candor")...)
	build.Dir = ".."
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build candor: %w\n%s", err, out)
	}
	return path, nil
}

// start runs candor with a database of its own until stop. It does not know the test it serves, because several share one program.
func start(args ...string) (_ *program, stop func(), err error) {
	path, err := binary()
	if err != nil {
		return nil, nil, err
	}
	return startBuilt(path, args...)
}

// startBuilt is start for a program that was built another way.
func startBuilt(path string, args ...string) (_ *program, stop func(), err error) {
	dir, err := os.MkdirTemp("", "candor-e2e-data-")
	if err != nil {
		return nil, nil, err
	}
	listen, err := freeAddress()
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, path, append(args, "--listen", listen, "--database", "sqlite:"+filepath.Join(dir, "candor.db"), "--json")...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 25 * time.Second
	p := &program{}
	cmd.Stderr = &p.log
	out, err := cmd.StdoutPipe()
	if err != nil {
		cancel()
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, nil, err
	}
	stop = func() {
		cancel()
		cmd.Wait()
		os.RemoveAll(dir)
	}
	if err := p.greeted(bufio.NewReader(out)); err != nil {
		stop()
		return nil, nil, fmt.Errorf("candor %v: %w\n%s", args, err, p.log.String())
	}
	return p, stop, nil
}

// greeted waits for the one line that says it is ready.
func (p *program) greeted(out *bufio.Reader) error {
	ready := make(chan error, 1)
	go func() {
		line, err := out.ReadBytes('\n')
		if err != nil {
			ready <- fmt.Errorf("no greeting: %w", err)
			return
		}
		ready <- json.Unmarshal(line, p)
		out.WriteTo(&p.log) // nobody else reads on
	}()
	select {
	case err := <-ready:
		return err
	case <-time.After(time.Minute):
		return errors.New("no greeting within a minute")
	}
}

// confess adds to a failed test what the program itself complained about.
func (p *program) confess(t *testing.T) {
	for line := range strings.Lines(p.log.String()) {
		if t.Failed() && (strings.Contains(line, "level=ERROR") || strings.Contains(line, "panic")) {
			t.Logf("candor: %s", line)
		}
	}
}

// freeAddress is one nobody listens on now: links are built on the port, so it must be known before the start.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// api asks the JSON API with the program's token and decodes the answer.
func (p *program) api(t *testing.T, method, path string, body, out any) {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, p.Site+path, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.Token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer bytes.Buffer
	answer.ReadFrom(resp.Body)
	if resp.StatusCode >= 300 {
		t.Fatalf("%s %s: %s\n%s", method, path, resp.Status, answer.String())
	}
	if out != nil {
		if err := json.Unmarshal(answer.Bytes(), out); err != nil {
			t.Fatalf("%s %s: %v\n%s", method, path, err, answer.String())
		}
	}
}

// A syncBuffer keeps what a program logs while tests read it.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
