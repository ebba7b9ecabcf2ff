package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func bounce(t *testing.T, in io.Reader) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), []string{"bounce"}, terminal{in: in, out: &o, err: &e})
	return code, o.String(), e.String()
}

func TestBounceSaysAsJSONWhomAMailReportsOn(t *testing.T) {
	mail, err := os.Open("../../reach/testdata/bounces/two-recipients.eml")
	if err != nil {
		t.Fatal(err)
	}
	defer mail.Close()
	code, out, errs := bounce(t, mail)
	var got, want any
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != 0 {
		t.Fatalf("exit %d, %v: %s%s", code, err, out, errs)
	}
	_ = json.Unmarshal([]byte(`{"recipients":[
		{"address":"one@example.org","class":"hard","status":"5.1.1","reason":"no such mailbox"},
		{"address":"two@example.org","class":"soft","status":"4.2.2","reason":"mailbox full"}]}`), &want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestBounceSaysNoWithOneToALetter(t *testing.T) {
	code, out, errs := bounce(t, strings.NewReader("From: a@example.org\nSubject: Hello\n\nHow are you?\n"))
	if code != exitNo || strings.TrimSpace(out) != `{"recipients":[]}` || errs != "" {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}

func TestBounceWithoutAMailIsWrongUse(t *testing.T) {
	code, _, errs := bounce(t, strings.NewReader(""))
	if code != exitUsage || !strings.Contains(errs, "candor bounce < mail.eml") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
