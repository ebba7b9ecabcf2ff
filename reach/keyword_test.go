package reach

import (
	"strings"
	"testing"
)

func TestStopIsUnderstoodInEverySpelling(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Word{
		"STOP": Stop, "stop": Stop, "Stop.": Stop, "  sToP \n": Stop, "“STOP”": Stop, "'stop'": Stop, "»Stopp«": Stop, "STOP!!!": Stop, "stop 🙏": Stop, "🛑": Stop,
		"🛑🛑 ": Stop, "«🛑»": Stop, "S T O P": Stop, "S.T.O.P": Stop, "ＳＴＯＰ": Stop, "st\u200bop": Stop, "STOPALL": Stop, "stop all": Stop, "Quit": Stop, "END": Stop, "revoke": Stop,
		"opt out": Stop, "opt-out": Stop, "OptOut": Stop, "Cancel": Stop, "unsubscribe": Stop, "Please stop": Stop, "please stop texting me": Stop, "Stop the messages, thanks!": Stop,
		"Stopp": Stop, "Bitte abmelden": Stop, "Aufhören!": Stop, "Aufho\u0308ren": Stop, "ABBESTELLEN": Stop, "Ende": Stop,
		"BAJA": Stop, "Darme de baja, por favor": Stop, "alto": Stop, "Cancelar": Stop,
		"berhenti": Stop, "Tolong hentikan pesan": Stop, "BATAL": Stop,
		"取消": Stop, "請停止": Stop, "退訂": Stop, "我要取消訂閱": Stop, "「取消」": Stop, "取消！": Stop,
		"ARRET": Stop, "Arrêt": Stop,
		"START": Start, "unstop": Start, "Alta": Start, "mulai": Start, "開始": Start, "Anmelden": Start,
		"help": Help, "HELP?": Help, "Info": Help, "Hilfe": Help, "ayuda": Help, "bantuan": Help, "說明": Help,
	} {
		if got := Keyword(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// Whoever writes a sentence is not silenced for a word in it, and is not told what they did not ask for.
func TestASentenceIsNoKeyword(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "?", "👍", "OK", "yes", "When will this end?", "My shop does not start", "Can you help me with invoice 4711?", "cancel my contract immediately",
		"Ende wann?", "non-stop problems", "stopwatch", "bus stop", "网站停了吗", "取消我的訂單好嗎", "a b c", strings.Repeat("stop ", 200),
	} {
		if got := Keyword(text); got != "" {
			t.Errorf("%q is %q, want none", text, got)
		}
	}
}

func FuzzKeyword(f *testing.F) {
	for _, s := range []string{"STOP", "取消", "\xff\xfe", "a\u0300\u0300", strings.Repeat("🛑", 200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := Keyword(text); got != "" && len(text) < 200 && Keyword(" «"+strings.ToUpper(text)+"» ") != got && strings.ToLower(strings.ToUpper(text)) == text {
			t.Errorf("%q is %q, and not in capitals and quotation marks", text, got)
		}
	})
}
