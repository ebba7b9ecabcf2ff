package lang

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestATextFallsBackAndSaysSo(t *testing.T) {
	t.Parallel()
	text := Text{German: "Wir reparieren.", English: "We are repairing.", Spanish: " \n"}
	for _, row := range []struct {
		says          string
		text          Text
		tag, fallback Tag
		want          string
		wantUsed      Tag
	}{
		{"the reader's language first", text, German, English, "Wir reparieren.", German},
		{"the company's next", text, ChineseTraditional, German, "Wir reparieren.", German},
		{"blank is not a translation", text, Spanish, English, "We are repairing.", English},
		{"any language is better than silence", text, Spanish, Indonesian, "We are repairing.", English},
		{"nothing is nothing", Text{}, Spanish, English, "", Spanish},
		{"nil is nothing", nil, Spanish, English, "", Spanish},
	} {
		got, used := row.text.In(row.tag, row.fallback)
		if got != row.want || used != row.wantUsed {
			t.Errorf("%s: got %q in %s, want %q in %s", row.says, got, used, row.want, row.wantUsed)
		}
	}
}

func TestATextIsTrimmedOfWhatSaysNothing(t *testing.T) {
	t.Parallel()
	text := Text{German: "  Hallo\n", Spanish: "\t", "tlh": "nuqneH"}
	if diff := cmp.Diff(Text{German: "Hallo"}, text.Trimmed()); diff != "" {
		t.Errorf("trimmed (-want +got):\n%s", diff)
	}
	if text.Empty() {
		t.Error("a text with German is not empty")
	}
	if !(Text{Spanish: " ", "tlh": "nuqneH"}).Empty() {
		t.Error("blanks and a language not spoken here are empty")
	}
}

func TestATextIsAnObjectInJSON(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(Text{German: "Hallo", English: "Hello"})
	if err != nil || string(raw) != `{"de":"Hallo","en":"Hello"}` {
		t.Errorf("got %s, %v", raw, err)
	}
	var back Text
	if err := json.Unmarshal(raw, &back); err != nil || back[German] != "Hallo" {
		t.Errorf("read back %v, %v", back, err)
	}
}
