package record

import (
	"net/url"
	"strings"
	"testing"
)

func TestACheckpointOpensWithItsKeyAndNoOther(t *testing.T) {
	t.Parallel()
	origin := OriginAt(&url.URL{Scheme: "https", Host: "status.example"})
	old, fresh, strange := newKey(t, origin), newKey(t, origin), newKey(t, origin)
	head := Head{Origin: origin, Size: 1234, Root: HashOf([]byte("x"))}
	signed, err := head.Sign(fresh, old)
	if err != nil {
		t.Fatal(err)
	}
	for name, k := range map[string]Key{"the new key": fresh, "the old one": old} {
		if got, err := OpenHead(signed, publicOf(t, k)); err != nil || got != head {
			t.Errorf("%s opens %v, %v", name, got, err)
		}
	}
	if _, err := OpenHead(signed, publicOf(t, strange)); err == nil {
		t.Error("a stranger's key opens it")
	}
	for _, forged := range []string{
		strings.Replace(signed, "1234", "1235", 1), strings.Replace(signed, "status", "statue", 1), signed[:len(signed)/2], "",
	} {
		if _, err := OpenHead(forged, publicOf(t, fresh)); err == nil {
			t.Errorf("it opens %q", forged)
		}
	}
	if old.String() == string(old) {
		t.Error("a key prints itself")
	}
}

func newKey(t *testing.T, origin string) Key {
	t.Helper()
	k, err := NewKey(origin)
	if err != nil || k.Origin() != origin {
		t.Fatal(k.Origin(), err)
	}
	return k
}

func publicOf(t *testing.T, k Key) string {
	t.Helper()
	public, err := k.Public()
	if err != nil {
		t.Fatal(err)
	}
	return public
}
