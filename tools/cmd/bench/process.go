package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"candor/tools/internal/proc"
)

// A process is one life of Candor.
type process struct {
	cmd    *exec.Cmd
	site   string
	candor bool
	token  string
	ended  chan struct{}
	began  time.Time
}

// launch starts Candor and waits until it says where it is, or has died at its failpoint.
func (b *bench) launch(ctx context.Context, failpoint string) (*process, error) {
	w := &process{candor: b.candor != "", token: b.world.Token, ended: make(chan struct{}), began: time.Now()}
	if w.candor {
		args := []string{
			"serve", "--json", "--listen", "127.0.0.1:0", "--node", "bench", "--database", b.options.db, "--log-level", "error",
			"--public-url", "http://127.0.0.1:8080", "--smtp", fmt.Sprintf("smtp://%s?tls=none&connections=%d", b.relay, b.connections),
		}
		if failpoint != "" {
			args = append(args, "--failpoint", failpoint)
		}
		w.cmd = exec.CommandContext(ctx, b.candor, args...)
	} else {
		raw, err := json.Marshal(order{Database: b.options.db, Relay: b.relay, Failpoint: failpoint, Profile: b.profile, Connections: b.connections, World: b.world, Log: b.log})
		if err != nil {
			return nil, err
		}
		w.cmd = exec.CommandContext(ctx, os.Args[0], "-worker", string(raw))
	}
	if b.log {
		w.cmd.Stderr = os.Stderr
	}
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := w.cmd.Start(); err != nil {
		return nil, err
	}
	line, _ := bufio.NewReader(out).ReadBytes('\n')
	go func() {
		_ = w.cmd.Wait() // killed, mostly
		close(w.ended)
	}()
	if len(line) == 0 && failpoint != "" {
		return w, nil
	}
	var greeting struct{ Site string }
	if err := json.Unmarshal(line, &greeting); err != nil {
		return nil, fmt.Errorf("the worker said %q: %w", line, err)
	}
	w.site = greeting.Site
	return w, nil
}

func (w *process) kill() {
	_ = w.cmd.Process.Signal(syscall.SIGKILL)
	<-w.ended
}

// post says the word, by the API where there is one.
func (w *process) post(ctx context.Context, in world) error {
	url, body := w.site+"/post", any(in)
	if w.candor {
		url = w.site + "/api/v1/incidents"
		body = map[string]any{
			"title": title, "cannot_work": true, "body": word,
			"components": []map[string]any{{"component": in.Component, "status": "major_outage"}},
		}
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+w.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		var b bytes.Buffer
		b.ReadFrom(answer.Body)
		return fmt.Errorf("%s: %s", answer.Status, b.String())
	}
	return nil
}

// measure reads the last life's memory and work, then ends it as a deploy would.
func (w *process) measure(r *Report) {
	u := proc.Read([]int{w.cmd.Process.Pid})
	r.RSSMB = float64(u.HWMKB) / 1024
	if r.Kills == 0 {
		r.WorkerCPUus = u.CPU * 1e6 / float64(r.Subscribers)
	}
	_ = w.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-w.ended:
	case <-time.After(25 * time.Second):
	}
}

// failpoint kills this process the n-th time it comes by.
func failpoint(spec string) func(string) {
	name, nth, _ := strings.Cut(spec, ":")
	n, _ := strconv.ParseInt(nth, 10, 64)
	var left atomic.Int64
	left.Store(max(n, 1))
	return func(point string) {
		if point == name && left.Add(-1) == 0 {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
}

// key makes a signing key as settings keep it.
func key(kind string) string {
	var private any
	_, private, _ = ed25519.GenerateKey(rand.Reader)
	if kind == "rsa" {
		private, _ = rsa.GenerateKey(rand.Reader, 2048)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		panic(err) // both kinds can be written
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}
