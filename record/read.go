package record

import (
	"errors"
	"fmt"
	"strings"
)

var errSpelling = errors.New("the entry is not in its canonical spelling")

// Read parses an entry, and refuses every spelling but the canonical one: an entry that can be spelled in two ways has two hashes. Whoever
// checks a log reads a million of them, and there is only one way an entry can look, so it is read from left to right.
func Read(entry []byte) (e Entry, err error) {
	s := scanner{rest: string(entry)}
	s.skip(`{"at":`)
	e.At = s.word()
	s.skip(`,"fact":`)
	e.Fact = s.word()
	s.skip(`,"kind":`)
	e.Kind = Kind(s.word())
	s.skip(`,"says":`)
	e.Says = map[string]string{}
	s.object(func(name, words string) error {
		e.Says[name] = words
		return nil
	})
	s.skip(`,"seals":`)
	e.Seals = map[string]Seal{}
	s.object(func(name, words string) error {
		var seal Seal
		err := seal.UnmarshalText([]byte(words))
		e.Seals[name] = seal
		return err
	})
	s.skip(`,"v":1}`)
	e.V = version
	if s.wrong != nil || s.rest != "" {
		return Entry{}, fmt.Errorf("%w (%d bytes before its end)", errSpelling, len(s.rest))
	}
	return e, e.check()
}

// A scanner remembers the first fault and reads nothing after it.
type scanner struct {
	rest  string
	wrong error
}

func (s *scanner) skip(what string) {
	rest, ok := strings.CutPrefix(s.rest, what)
	if !ok {
		s.wrong = errSpelling
	}
	if s.wrong == nil {
		s.rest = rest
	}
}

// word is a string without an escape: plain ASCII needs none, and check refuses all else.
func (s *scanner) word() string {
	s.skip(`"`)
	word, rest, ok := strings.Cut(s.rest, `"`)
	if !ok {
		s.wrong = errSpelling
	}
	if s.wrong != nil {
		return ""
	}
	s.rest = rest
	return word
}

// object reads names and words, the names in ascending order and each once.
func (s *scanner) object(take func(name, words string) error) {
	s.skip("{")
	last := ""
	for first := true; s.wrong == nil && !strings.HasPrefix(s.rest, "}"); first = false {
		if !first {
			s.skip(",")
		}
		name := s.word()
		s.skip(":")
		words := s.word()
		if !first && name <= last {
			s.wrong = errSpelling
		}
		last = name
		if err := take(name, words); err != nil && s.wrong == nil {
			s.wrong = err
		}
	}
	s.skip("}")
}
