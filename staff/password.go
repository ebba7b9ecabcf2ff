package staff

import (
	_ "embed"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"candor/problem"
)

const (
	shortestPassword = 12
	longestPassword  = 128
)

// The list holds what people type when twelve characters are asked for. Length keeps guessers out; the list keeps out those who guess what
// everybody types. There are no rules about digits and signs: they make passwords worse (ASVS 6.2.5).
//
//go:embed common-passwords.txt
var common string

// CheckPassword says what is wrong with a password somebody chose. own are words an attacker tries first: their mail, their name.
func CheckPassword(password string, own ...string) *problem.Problem {
	n := utf8.RuneCountInString(password)
	switch {
	case n < shortestPassword:
		return problem.Field("password", "problem.password.short", "least", shortestPassword)
	case n > longestPassword:
		return problem.Field("password", "problem.password.long", "most", longestPassword)
	case !utf8.ValidString(password):
		return problem.Field("password", "problem.password.characters")
	}
	folded := strings.ToLower(normal(password))
	isOwn := func(word string) bool { return strings.ToLower(normal(word)) == folded }
	if strings.Contains("\n"+common, "\n"+folded+"\n") || slices.ContainsFunc(own, isOwn) {
		return problem.Field("password", "problem.password.common")
	}
	return nil
}

// OWASP's least cost for argon2id: 19 MiB and two passes, some 30 ms. Whoever hashes bounds how many run at once.
var cost = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// HashPassword makes what is stored of a password.
func HashPassword(password string) (string, error) {
	return argon2id.CreateHash(normal(password), &cost)
}

// nobody is the hash of a random secret that was thrown away. Checking a password against it takes as long as against a person's, so that
// the time of an answer does not tell who works here (B13).
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$Q+wfg7F9K+kNBW82VAlm0Q$w1t1Em7df+dhSi30Pznzr3tI1Vr9zlWKw+rHf2xx+Ms"

// MatchesPassword reports whether the password is the person's. It does the same work for the zero Person, and for one who was invited and
// has not chosen a password: nothing matches either, the empty password included (V35).
func (p Person) MatchesPassword(password string) (bool, error) {
	hash := p.PasswordHash
	if hash == "" {
		hash = nobody
	}
	if len(password) > 4*longestPassword {
		password = ""
	}
	same, err := argon2id.ComparePasswordAndHash(normal(password), hash)
	return same && p.PasswordHash != "" && password != "", err
}

// normal makes one password of what different keyboards send for the same letters.
func normal(password string) string { return norm.NFKC.String(password) }
