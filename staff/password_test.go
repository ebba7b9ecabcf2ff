package staff

import (
	"strings"
	"testing"
)

func TestPasswordsAreLongAndNotEverybodys(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ password, want string }{
		"nothing":                             {"", "problem.password.short"},
		"eleven characters":                   {"elevenchars", "problem.password.short"},
		"twelve characters without any rules": {"mgkpwqzrtbnv", ""},
		"twelve Chinese characters":           {"我們說明什麼壞了給客戶聽", ""},
		"128 characters":                      {strings.Repeat("long ", 25) + "lon", ""},
		"129 characters":                      {strings.Repeat("long ", 25) + "long", "problem.password.long"},
		"what everybody types":                {"password1234", "problem.password.common"},
		"what everybody types, shouted":       {"PassWord1234", "problem.password.common"},
		"what everybody types, full width":    {"ｐａｓｓｗｏｒｄ１２３４", "problem.password.common"},
		"a line of the list is whole":         {"password1234password", ""},
		"their own mail":                      {"ann@harbour.example", "problem.password.common"},
		"bytes that are no letters":           {"\xff\xfe\xfd\xfc\xfb\xfa\xff\xfe\xfd\xfc\xfb\xfa", "problem.password.characters"},
	} {
		got := ""
		if p := CheckPassword(c.password, "Ann@harbour.example"); p != nil {
			got = p.Key
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestTheListHoldsOnlyWhatTheRuleDoesNotCatch(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSuffix(common, "\n"), "\n")
	if len(lines) < 200 {
		t.Errorf("%d passwords", len(lines))
	}
	for _, line := range lines {
		if len([]rune(line)) < shortestPassword || line != strings.ToLower(normal(line)) {
			t.Errorf("%q can never be refused by the list", line)
		}
	}
}

func TestV35NothingMatchesAPersonWithoutAPassword(t *testing.T) {
	t.Parallel()
	hash, err := HashPassword("mgkpwqzrtbnv é")
	if err != nil {
		t.Fatal(err)
	}
	chosen := Person{PasswordHash: hash}
	for name, c := range map[string]struct {
		person   Person
		password string
		want     bool
	}{
		"the right password":                 {chosen, "mgkpwqzrtbnv é", true},
		"the right one from another system":  {chosen, "mgkpwqzrtbnv e\u0301", true},
		"a wrong password":                   {chosen, "mgkpwqzrtbnv e", false},
		"the empty password":                 {chosen, "", false},
		"no person":                          {Person{}, "mgkpwqzrtbnv é", false},
		"no person and no password":          {Person{}, "", false},
		"a password of a megabyte":           {chosen, strings.Repeat("x", 1<<20), false},
		"the hash itself":                    {chosen, hash, false},
		"what the unknown are measured with": {Person{PasswordHash: nobody}, "", false},
	} {
		if got, err := c.person.MatchesPassword(c.password); got != c.want || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// What differs in time would be the parameters; the stopwatch is make bench's.
func TestB13TheUnknownAreMeasuredWithTheSameWork(t *testing.T) {
	t.Parallel()
	hash, err := HashPassword("mgkpwqzrtbnv")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := parameters(nobody), parameters(hash); got != want {
		t.Errorf("the unknown are measured with %q, people with %q", got, want)
	}
}

func parameters(hash string) string {
	parts := strings.Split(hash, "$")
	return strings.Join(parts[:4], "$")
}

func TestSecretsHold256BitsAndAreNotRepeated(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		s := NewSecret()
		if !SecretForm(s) || seen[s] {
			t.Fatalf("%q is malformed or repeated", s)
		}
		seen[s] = true
		if h := HashSecret(s); strings.Contains(h, s) || h == HashSecret(s+"0") {
			t.Fatal("the hash tells the secret")
		}
	}
	for _, bad := range []string{"", "null", "undefined", strings.Repeat("u", 52), strings.Repeat("0", 51), strings.Repeat("0", 53), "' OR 1=1 --"} {
		if SecretForm(bad) {
			t.Errorf("%q has the form of a secret", bad)
		}
	}
}
