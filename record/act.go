package record

import (
	"encoding/json"
	"net/url"
	"time"
)

// An Act is a line of the audit as the private log holds it. What it was before and after is sealed: a blackout may have to change the line,
// and the chain stays whole.
type Act struct {
	ID, Person, Via, IP, Act, Object string
	At                               time.Time
	Seal                             Seal
}

// Entry spells an act. Values are escaped, because objects come from everywhere and an entry is plain ASCII.
func (a Act) Entry() ([]byte, error) {
	says := map[string]string{"person": a.Person, "via": a.Via, "ip": a.IP, "act": a.Act, "object": a.Object}
	for name, words := range says {
		says[name] = url.QueryEscape(words)
	}
	e := Entry{At: Instant(a.At), Fact: a.ID, Kind: "act", Says: says, Seals: map[string]Seal{"audit": a.Seal}, V: version}
	if err := e.check(); err != nil {
		return nil, err
	}
	return json.Marshal(e)
}
