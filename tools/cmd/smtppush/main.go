// Command smtppush is the fastest honest SMTP sender this project could write:
// it shows what the sink and the machine can take. See README.md.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"candor/tools/internal/proc"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:2525", "sink")
	conns := flag.Int("c", 10, "connections, each reused to the end")
	total := flag.Int("n", 100000, "messages")
	size := flag.Int("size", 2000, "bytes of body")
	mode := flag.String("mode", "group", "one: a round trip a command; group: MAIL, RCPT, DATA in one write; chain: the next message's commands ride behind the last one's body")
	per := flag.Int("per-conn", 0, "messages before a connection is closed and reopened (0: never)")
	flag.Parse()
	if *mode != "one" && *mode != "group" && *mode != "chain" {
		fmt.Fprintln(os.Stderr, "smtppush: unknown mode", *mode)
		os.Exit(2)
	}
	body := strings.Repeat(strings.Repeat("x", 70)+"\r\n", (*size+71)/72)
	j := &job{addr: *addr, mode: *mode, body: body, total: *total, per: *per}
	var failed atomic.Int64
	var wg sync.WaitGroup
	t0 := time.Now()
	for range *conns {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				more, err := j.push()
				if err != nil {
					failed.Add(1)
					fmt.Fprintln(os.Stderr, "smtppush:", err)
					return
				}
				if !more {
					return
				}
			}
		}()
	}
	wg.Wait()
	d := time.Since(t0).Seconds()
	sent := min(j.next.Load(), int64(*total))
	json.NewEncoder(os.Stdout).Encode(map[string]any{
		"tool": "smtppush", "conns": *conns, "messages": sent, "mode": *mode,
		"body_bytes": len(body), "seconds": d, "msgs_per_s": float64(sent) / d, "failed_conns": failed.Load(), "client_cpu_s": proc.Self(),
	})
	if failed.Load() > 0 {
		os.Exit(1)
	}
}
