package record

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// A Seal is a salted hash of words: it binds whoever wrote it and tells nobody anything.
type Seal [sha256.Size]byte

// An Opening shows what a seal holds. Without the salt, short words such as a name could be guessed from their hash.
type Opening struct {
	Salt  []byte `json:"salt"`
	Words string `json:"words"`
}

// Openings are those of one leaf by name. What was erased is not there.
type Openings map[string]Opening

const saltSize = 16

func newSalt() []byte {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	return salt
}

// SealWords seals words under a name with a new salt.
func SealWords(name, words string) (Opening, Seal) {
	o := Opening{Salt: newSalt(), Words: words}
	return o, o.seal(name)
}

// String is the seal as entries spell it.
func (s Seal) String() string { return base64.RawURLEncoding.EncodeToString(s[:]) }

// seal closes an opening. The salt has a fixed length and a name no line feed, so that two different openings are never the same bytes.
func (o Opening) seal(name string) Seal {
	h := sha256.New()
	fmt.Fprintf(h, "candor seal v1\n%s%s\n%s", o.Salt, name, o.Words)
	return Seal(h.Sum(nil))
}

// Opens reports whether the opening belongs to the seal of that name.
func (o Opening) Opens(name string, s Seal) bool { return len(o.Salt) == saltSize && o.seal(name) == s }

// MarshalText is the seal in base 64.
func (s Seal) MarshalText() ([]byte, error) {
	return []byte(s.String()), nil
}

// UnmarshalText reads it.
func (s *Seal) UnmarshalText(text []byte) error {
	b, err := base64.RawURLEncoding.Strict().DecodeString(string(text))
	if err != nil || len(b) != len(s) {
		return fmt.Errorf("%.60q is not a seal", text)
	}
	copy(s[:], b)
	return nil
}
