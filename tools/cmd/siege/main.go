// Command siege attacks a Candor of its own with what wastes memory and time (B12), and prints how visitors fare meanwhile: requests that
// never end, bodies that are too large, JSON too deep, Markdown that nests, all at once. It starts and ends the Candor it attacks.
//
//	siege -candor bin/candor -d 60s
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"candor/tools/internal/proc"
)

type victim struct {
	Site, Token string
	pid         int
}

func main() {
	binary := flag.String("candor", "bin/candor", "the candor binary")
	lasts := flag.Duration("d", time.Minute, "how long the siege lasts")
	flag.Parse()
	if err := run(*binary, *lasts); err != nil {
		fmt.Fprintln(os.Stderr, "siege:", err)
		os.Exit(1)
	}
}

func run(binary string, lasts time.Duration) error {
	cmd := exec.Command(binary, "demo", "--scenario", "none", "--listen", "127.0.0.1:0", "--json", "--log-level", "error")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() }()
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		return errors.New("candor did not start")
	}
	v := victim{pid: cmd.Process.Pid}
	if err := json.Unmarshal(line, &v); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), lasts)
	defer cancel()
	var all sync.WaitGroup
	var fates fates
	nested := strings.Repeat("> ", 5000) + strings.Repeat("[", 5000)
	deep := `{"alerts":` + strings.Repeat("[", 100_000)
	attacks := []func(){
		func() { v.drip(ctx) },
		func() {
			v.send(ctx, "/en/subscribe", "application/x-www-form-urlencoded", strings.Repeat("email=", 2<<20))
		},
		func() { v.send(ctx, "/api/v1/alerts", "application/json", deep) },
		func() {
			v.send(ctx, "/api/v1/incidents", "application/json", `{"visibility":"rehearsal","body":{"en":"`+nested+`"}}`)
		},
		func() { v.visit(ctx, &fates) }, func() { v.visit(ctx, &fates) },
	}
	for _, attack := range attacks {
		all.Go(attack)
	}
	all.Wait()
	peak := float64(proc.Read([]int{v.pid}).HWMKB) / 1024 // the kernel's own high-water mark
	return json.NewEncoder(os.Stdout).Encode(fates.result(peak))
}

// drip holds 300 connections that send a byte of a request every second.
func (v victim) drip(ctx context.Context) {
	var all sync.WaitGroup
	for range 300 {
		all.Go(func() {
			for ctx.Err() == nil {
				conn, err := net.Dial("tcp", strings.TrimPrefix(v.Site, "http://"))
				if err != nil {
					time.Sleep(time.Second)
					continue
				}
				for _, b := range []byte("POST /en/subscribe HTTP/1.1\r\nHost: x\r\nX-Slow: " + strings.Repeat("a", 200)) {
					if _, err := conn.Write([]byte{b}); err != nil || ctx.Err() != nil {
						break
					}
					time.Sleep(time.Second)
				}
				conn.Close()
			}
		})
	}
	all.Wait()
}

// send repeats one hostile request as fast as it is refused.
func (v victim) send(ctx context.Context, path, kind, body string) {
	for ctx.Err() == nil {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, v.Site+path, strings.NewReader(body))
		if err != nil {
			return
		}
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Authorization", "Bearer "+v.Token)
		if answer, err := http.DefaultClient.Do(r); err == nil {
			_, _ = io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
	}
}

// fates is how visitors fared.
type fates struct {
	mu     sync.Mutex
	took   []time.Duration
	failed int
}

// visit reads the page fifty times a second, as a person's browser would without a cache.
func (v victim) visit(ctx context.Context, f *fates) {
	for tick := time.NewTicker(20 * time.Millisecond); ctx.Err() == nil; <-tick.C {
		began := time.Now()
		answer, err := http.Get(v.Site + "/")
		fine := err == nil && answer.StatusCode == http.StatusOK
		if err == nil {
			body, err := io.ReadAll(answer.Body)
			fine = fine && err == nil && bytes.Contains(body, []byte("</html>"))
			answer.Body.Close()
		}
		f.mu.Lock()
		f.took = append(f.took, time.Since(began))
		if !fine {
			f.failed++
		}
		f.mu.Unlock()
	}
}

func (f *fates) result(peakMB float64) map[string]any {
	slices.Sort(f.took)
	at := func(share float64) float64 {
		return float64(f.took[int(share*float64(len(f.took)-1))].Microseconds()) / 1000
	}
	return map[string]any{"visits": len(f.took), "failed": f.failed, "p50_ms": at(.5), "p99_ms": at(.99), "max_ms": at(1), "rss_peak_mb": peakMB}
}
