package sink

import (
	"hash/fnv"
	"strings"
)

type verdict int

const (
	pass verdict = iota
	fail5
	fail4
	drop
)

// judge says what happens to a recipient: chosen by hash, so the same
// recipients fail whatever the order and the number of connections.
func (s *Server) judge(addr string) verdict {
	c := &s.cfg
	if c.Fail4xx+c.Fail5xx+c.Drop == 0 {
		return pass
	}
	k := addrKey(addr)
	var sd [8]byte
	for i := range sd {
		sd[i] = byte(c.Seed >> (8 * i))
	}
	u := float64(hash(sd[:], []byte(strings.ToLower(addr)))>>11) / (1 << 53)
	switch {
	case u < c.Fail5xx:
		return fail5
	case u < c.Fail5xx+c.Fail4xx:
		if bump(&s.try, k) <= uint32(c.Tries) {
			return fail4
		}
	case u < c.Fail5xx+c.Fail4xx+c.Drop:
		if bump(&s.try, k) <= uint32(c.Tries) {
			return drop
		}
	}
	return pass
}

func hash(parts ...[]byte) uint64 {
	h := fnv.New64a()
	for i, p := range parts {
		if i > 0 {
			h.Write([]byte{0})
		}
		h.Write(p)
	}
	x := h.Sum64() // finish with a mixer: FNV's high bits are weak for short inputs
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	x ^= x >> 33
	return x
}

func addrKey(a string) uint64 { return hash([]byte(strings.ToLower(a))) }

func bump(t *[shards]shard, k uint64) uint32 {
	s := &t[k%shards]
	s.Lock()
	s.m[k]++
	n := s.m[k]
	s.Unlock()
	return n
}
