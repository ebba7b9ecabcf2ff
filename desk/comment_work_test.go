package desk

import (
	"fmt"
	"testing"
	"time"
)

// The proof is of these words, of this page and of this hour, and takes some sixteen thousand attempts.
func TestAProofOfWorkIsForTheseWordsAndNoOthers(t *testing.T) {
	t.Parallel()
	at := time.Date(2012, 9, 10, 18, 0, 0, 0, time.UTC)
	const code, name, body = "abcdefghijkl", "Lin", "Why did the  spare\nnot take over?"
	proof, n := "", 0
	for ; proof == "" && n < 1<<20; n++ {
		if try := fmt.Sprintf("%d.%d", at.Unix()/60, n); Worked(try, code, name, body, at) {
			proof = try
		}
	}
	if proof == "" || n < 16 {
		t.Fatalf("found %q after %d attempts", proof, n)
	}
	for what, ok := range map[string]bool{
		"a space more": Worked(proof, code, name, "Why did the spare not take over?", at), "an hour later": Worked(proof, code, name, body, at.Add(time.Hour)),
	} {
		if !ok {
			t.Errorf("%s: refused", what)
		}
	}
	for what, ok := range map[string]bool{
		"other words": Worked(proof, code, name, body+"!", at), "another name": Worked(proof, code, "Dan", body, at), "another page": Worked(proof, "bbcdefghijkl", name, body, at),
		"next day": Worked(proof, code, name, body, at.Add(24*time.Hour)), "nothing": Worked("", code, name, body, at), "no number": Worked("x.1", code, name, body, at),
	} {
		if ok {
			t.Errorf("%s: taken", what)
		}
	}
}
