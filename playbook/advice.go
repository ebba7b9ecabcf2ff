package playbook

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"candor/id"
)

// Advice is what was said of a word before it went out, and what its author decided. It is kept with the word and shown to staff alone.
type Advice struct {
	Update     id.Update
	Revision   int // 0: the word itself; else which of its corrections
	Incident   id.Incident
	Apologises bool // in public, and
	Acts       bool // names what keeps it from happening again: what the count of apologies looks at
	Confirmed  bool // somebody read that the words contradict a field, and sent them all the same
	Findings   []Finding
	At         time.Time
}

// Apologies are remembered for so long (Halperin, Ho, List, Muir 2022: the third within a quarter costs more than none).
const ApologyMemory = 90 * 24 * time.Hour

// Confirmation names the contradictions among some findings, so that who confirms one has not confirmed another; empty if there are none.
func Confirmation(findings []Finding) string {
	asks := Asks(findings)
	if len(asks) == 0 {
		return ""
	}
	sum := sha256.New()
	for _, f := range asks {
		sum.Write([]byte(string(f.Rule) + "\x00" + string(f.Language) + "\x00" + f.Excerpt + "\x00"))
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
