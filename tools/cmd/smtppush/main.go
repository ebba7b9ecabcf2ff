// Command smtppush is the fastest honest SMTP sender this project could write:
// it shows what the sink and the machine can take. See README.md.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"strconv"
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
	var next, failed atomic.Int64
	var wg sync.WaitGroup
	t0 := time.Now()
	for range *conns {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				more, err := push(*addr, *mode, body, *total, *per, &next)
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
	sent := min(next.Load(), int64(*total))
	json.NewEncoder(os.Stdout).Encode(map[string]any{
		"tool": "smtppush", "conns": *conns, "messages": sent, "mode": *mode,
		"body_bytes": len(body), "seconds": d, "msgs_per_s": float64(sent) / d, "failed_conns": failed.Load(), "client_cpu_s": proc.Self(),
	})
	if failed.Load() > 0 {
		os.Exit(1)
	}
}

func push(addr, mode, body string, total, per int, next *atomic.Int64) (more bool, err error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return false, err
	}
	defer c.Close()
	r := bufio.NewReader(c)
	expect := func(code string) error {
		for {
			l, err := r.ReadSlice('\n')
			if err != nil {
				return err
			}
			if len(l) < 4 || string(l[:3]) != code {
				return fmt.Errorf("got %q, want %s", l, code)
			}
			if l[3] == ' ' {
				return nil
			}
		}
	}
	buf := make([]byte, 0, len(body)+1024)
	send := func(code string) error {
		if _, err := c.Write(buf); err != nil {
			return err
		}
		buf = buf[:0]
		if code == "" {
			return nil
		}
		return expect(code)
	}
	if err := expect("220"); err != nil {
		return false, err
	}
	buf = append(buf, "EHLO push.invalid\r\n"...)
	if err := send("250"); err != nil {
		return false, err
	}
	envelope := func(id int64) {
		buf = append(buf, "MAIL FROM:<status@push.invalid>\r\nRCPT TO:<user"...)
		buf = strconv.AppendInt(buf, id, 10)
		buf = append(buf, "@example.invalid>\r\nDATA\r\n"...)
	}
	message := func(id int64) {
		buf = append(buf, "From: Status <status@push.invalid>\r\nTo: user"...)
		buf = strconv.AppendInt(buf, id, 10)
		buf = append(buf, "@example.invalid\r\nSubject: Outage update for customer "...)
		buf = strconv.AppendInt(buf, id, 10)
		buf = append(buf, "\r\nMessage-ID: <"...)
		buf = strconv.AppendInt(buf, id, 10)
		buf = append(buf, "@push.invalid>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDear customer "...)
		buf = strconv.AppendInt(buf, id, 10)
		buf = append(buf, ",\r\n"...)
		buf = append(buf, body...)
		buf = append(buf, ".\r\n"...)
	}
	take := func(done int) (int64, bool) {
		if per > 0 && done >= per {
			return 0, false
		}
		id := next.Add(1)
		return id, id <= int64(total)
	}
	done := 0
	id, ok := take(done)
	for ok {
		switch {
		case mode == "one":
			all := fmt.Sprintf("user%d@example.invalid", id)
			buf = append(buf, "MAIL FROM:<status@push.invalid>\r\n"...)
			if err := send("250"); err != nil {
				return false, err
			}
			buf = append(buf, "RCPT TO:<"+all+">\r\n"...)
			if err := send("250"); err != nil {
				return false, err
			}
			buf = append(buf, "DATA\r\n"...)
			if err := send("354"); err != nil {
				return false, err
			}
		case mode == "group" || done == 0:
			envelope(id)
			fallthrough
		default: // chain: the commands went out behind the message before
			if len(buf) > 0 {
				if err := send(""); err != nil {
					return false, err
				}
			}
			for _, code := range []string{"250", "250", "354"} {
				if err := expect(code); err != nil {
					return false, err
				}
			}
		}
		message(id)
		done++
		id, ok = take(done)
		if ok && mode == "chain" {
			envelope(id)
		}
		if err := send("250"); err != nil {
			return false, err
		}
	}
	more = per > 0 && done >= per && next.Load() < int64(total)
	buf = append(buf, "QUIT\r\n"...)
	return more, send("221")
}
