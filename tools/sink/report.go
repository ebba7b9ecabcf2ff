package sink

import (
	"bufio"
	"io"
	"slices"
	"strings"
)

// Report is the sink's result line.
type Report struct {
	Tool         string  `json:"tool"`
	Connections  int64   `json:"connections"`
	MaxOpen      int64   `json:"max_open"`
	TLS          int64   `json:"tls_connections"`
	Messages     int64   `json:"messages"`
	Recipients   int64   `json:"recipients"`
	UniqueRcpt   int64   `json:"unique_recipients"`
	MaxPerRcpt   int64   `json:"max_per_recipient"`
	Duplicates   int64   `json:"duplicates"`
	NoKey        int64   `json:"without_key"`
	DupKey       string  `json:"dup_key"`
	Bytes        int64   `json:"bytes"`
	Injected4xx  int64   `json:"injected_4xx"`
	Injected5xx  int64   `json:"injected_5xx"`
	InjectedDrop int64   `json:"injected_drops"`
	BareLF       int64   `json:"bare_lf_lines"`
	LongLines    int64   `json:"lines_over_998"`
	ProtoErrors  int64   `json:"protocol_errors"`
	FirstToLast  float64 `json:"first_to_last_s"`
	Rate         float64 `json:"msgs_per_s"`
	Median1s     float64 `json:"msgs_per_s_median_second"`
	Peak1s       int64   `json:"msgs_per_s_best_second"`
	Missing      *int64  `json:"missing,omitempty"`
	Unexpected   *int64  `json:"unexpected,omitempty"`
}

// Report counts what came in so far.
func (s *Server) Report() Report {
	r := Report{
		Tool: "smtpsink", Connections: s.conns.Load(), MaxOpen: s.maxOpen.Load(), TLS: s.tlsConns.Load(),
		Messages: s.msgs.Load(), Recipients: s.rcpts.Load(), Duplicates: s.dups.Load(), NoKey: s.noKey.Load(),
		DupKey: s.cfg.DupKey, Bytes: s.bytes.Load(), Injected4xx: s.refused4.Load(), Injected5xx: s.refused5.Load(),
		InjectedDrop: s.drops.Load(), BareLF: s.bareLF.Load(), LongLines: s.longLines.Load(), ProtoErrors: s.protoErr.Load(),
	}
	for i := range s.rcpt {
		s.rcpt[i].Lock()
		r.UniqueRcpt += int64(len(s.rcpt[i].m))
		for _, n := range s.rcpt[i].m {
			r.MaxPerRcpt = max(r.MaxPerRcpt, int64(n))
		}
		s.rcpt[i].Unlock()
	}
	a, b := s.first.Load(), s.last.Load()
	if a > 0 {
		r.FirstToLast = float64(b-a) / 1e9
		if b > a {
			r.Rate = float64(r.Messages-1) / r.FirstToLast
		}
		// whole seconds only: the first and the last are partly idle
		var full []int
		for i := a/1e9 + 1; i < b/1e9 && i < int64(len(s.perSec)); i++ {
			full = append(full, int(s.perSec[i].Load()))
		}
		if n := len(full); n > 0 {
			slices.Sort(full)
			r.Peak1s = int64(full[n-1])
			r.Median1s = float64(full[n/2]+full[(n-1)/2]) / 2
		}
	}
	return r
}

// Check compares the recipients delivered to with a list of addresses, one a
// line: how many got nothing, and how many that got mail are not listed.
func (s *Server) Check(list io.Reader) (missing, unexpected int64, err error) {
	want := map[uint64]bool{}
	sc := bufio.NewScanner(list)
	for sc.Scan() {
		if a := strings.TrimSpace(sc.Text()); a != "" {
			want[addrKey(a)] = true
		}
	}
	for k := range want {
		t := &s.rcpt[k%shards]
		t.Lock()
		if t.m[k] == 0 {
			missing++
		}
		t.Unlock()
	}
	for i := range s.rcpt {
		s.rcpt[i].Lock()
		for k := range s.rcpt[i].m {
			if !want[k] {
				unexpected++
			}
		}
		s.rcpt[i].Unlock()
	}
	return missing, unexpected, sc.Err()
}
