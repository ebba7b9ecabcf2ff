package sink

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// data reads a message up to CRLF . CRLF and settles it.
func (x *session) data() bool {
	s := x.s
	x.head, x.full = x.head[:0], x.full[:0]
	var size, bare, long, lineLen int64
	inHead, start, afterCRLF := true, true, true
	keep := s.cfg.Keep > 0 && s.kept.Load() < int64(s.cfg.Keep)
	for {
		x.c.SetReadDeadline(time.Now().Add(5 * time.Minute))
		l, err := x.r.ReadSlice('\n')
		partial := errors.Is(err, bufio.ErrBufferFull)
		if err != nil && !partial {
			return false
		}
		if start && afterCRLF && len(l) == 3 && l[0] == '.' && l[1] == '\r' {
			break
		}
		if start && l[0] == '.' { // undo dot-stuffing
			l = l[1:]
		}
		if start {
			lineLen = 0
		}
		lineLen += int64(len(l))
		size += int64(len(l))
		if inHead && len(x.head) < 64<<10 {
			x.head = append(x.head, l...)
		}
		if keep {
			x.full = append(x.full, l...)
		}
		if !partial {
			afterCRLF = len(l) >= 2 && l[len(l)-2] == '\r'
			if !afterCRLF {
				bare++
			}
			if lineLen > 1000 {
				long++
			}
			if start && len(bytes.TrimRight(l, "\r\n")) == 0 {
				inHead = false
			}
		}
		start = !partial
	}
	s.bareLF.Add(bare)
	s.longLines.Add(long)
	if s.cfg.Latency > 0 {
		time.Sleep(s.cfg.Latency)
	}
	if x.cut && s.cfg.DropAt == "data" {
		s.drops.Add(1)
		x.w.Reset(x.c)
		return false
	}
	if x.defer4 {
		s.refused4.Add(1)
		x.reset()
		return x.say("451 4.7.1 try again later") == nil
	}
	x.n++
	s.accept(x.rcpts, x.head, size)
	if keep {
		if n := s.kept.Add(1); n <= int64(s.cfg.Keep) {
			os.WriteFile(filepath.Join(s.cfg.KeepDir, fmt.Sprintf("%d.eml", n)), x.full, 0o644)
		}
	}
	if x.cut {
		s.drops.Add(1)
		x.w.Reset(x.c)
		return false
	}
	x.reset()
	return x.say("250 2.0.0 accepted") == nil
}

func (s *Server) accept(rcpts []string, head []byte, size int64) {
	for _, r := range rcpts {
		bump(&s.rcpt, addrKey(r))
		k, ok := s.key(r, head)
		if !ok {
			s.noKey.Add(1)
		} else if bump(&s.seen, k) > 1 {
			s.dups.Add(1)
		}
	}
	now := int64(time.Since(s.t0)) + 1
	s.first.CompareAndSwap(0, now)
	for {
		l := s.last.Load()
		if now <= l || s.last.CompareAndSwap(l, now) {
			break
		}
	}
	if sec := now / int64(time.Second); sec < int64(len(s.perSec)) {
		s.perSec[sec].Add(1)
	}
	s.bytes.Add(size)
	s.rcpts.Add(int64(len(rcpts)))
	if n := s.msgs.Add(1); s.cfg.Expect > 0 && n >= s.cfg.Expect {
		s.once.Do(func() { close(s.done) })
	}
}

func (s *Server) key(rcpt string, head []byte) (uint64, bool) {
	var parts [][]byte
	for _, p := range strings.Split(s.cfg.DupKey, "+") {
		name := p
		switch {
		case p == "rcpt":
			parts = append(parts, []byte(strings.ToLower(rcpt)))
			continue
		case strings.HasPrefix(p, "header:"):
			name = p[len("header:"):]
		}
		v, ok := header(head, name)
		if !ok {
			return 0, false
		}
		parts = append(parts, v)
	}
	return hash(parts...), true
}

// header gives the first field of that name, unfolded and trimmed.
func header(head []byte, name string) ([]byte, bool) {
	for len(head) > 0 {
		i := bytes.IndexByte(head, '\n')
		if i < 0 {
			i = len(head) - 1
		}
		l := head[:i+1]
		head = head[i+1:]
		if len(l) > len(name) && l[len(name)] == ':' && strings.EqualFold(string(l[:len(name)]), name) {
			v := append([]byte(nil), bytes.TrimSpace(l[len(name)+1:])...)
			for len(head) > 0 && (head[0] == ' ' || head[0] == '\t') {
				j := bytes.IndexByte(head, '\n')
				if j < 0 {
					j = len(head) - 1
				}
				if len(v) > 0 {
					v = append(v, ' ')
				}
				v = append(v, bytes.TrimSpace(head[:j+1])...)
				head = head[j+1:]
			}
			return v, len(v) > 0
		}
	}
	return nil, false
}
