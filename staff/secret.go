package staff

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"
)

// TokenPrefix begins every API token, so that scanners of source code and logs recognise one that leaked.
const TokenPrefix = "cnd_"

// Lower case without look-alikes: a secret that has to be read from one screen and typed on another survives it.
var secretLetters = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

const secretLength = 52 // letters of 5 bits that hold 256

// NewSecret draws 256 bits for a cookie, a token or a link. Only HashSecret of it is ever stored.
func NewSecret() string {
	var b [32]byte
	rand.Read(b[:])
	return secretLetters.EncodeToString(b[:])
}

// SecretForm reports whether s has the form of a secret: nothing else is looked for in the database (V35).
func SecretForm(s string) bool {
	return len(s) == secretLength && strings.Trim(s, "0123456789abcdefghjkmnpqrstvwxyz") == ""
}

// HashSecret is what is stored of a secret. A plain hash is enough: nobody guesses 256 random bits, however fast they try.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte("candor/secret/" + secret))
	return hex.EncodeToString(sum[:])
}
