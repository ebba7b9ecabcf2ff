package reach

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A Word is what a customer's text message asks of us in one word, whoever else it may be addressed to.
type Word string

const (
	Stop  Word = "stop"
	Start Word = "start"
	Help  Word = "help"
)

// The FCC's list of words that revoke consent by themselves (47 CFR 64.1200(a)(10), in force since 11 April 2025), the carriers' STOPALL,
// and their kin in the languages Candor speaks and in those of neighbours. All are folded as spoken does it.
var spellings = map[Word][]string{
	Stop: {
		"stop", "stopall", "stop all", "quit", "end", "revoke", "opt out", "optout", "cancel", "unsubscribe", "remove",
		"stopp", "ende", "abmelden", "abbestellen", "austragen", "aufhoren", "beenden", "kundigen", "widerruf", "widerrufen",
		"baja", "alto", "parar", "cancelar", "detener", "darse de baja", "dar de baja", "darme de baja", "desuscribir", "basta",
		"berhenti", "henti", "hentikan", "batal", "batalkan", "keluar", "stop semua",
		"取消", "停止", "停", "退訂", "退订", "取消訂閱", "取消订阅", "拒收", "停止接收",
		"arret", "arreter", "desabonner", "stoppen",
	},
	Start: {
		"start", "unstop", "resume", "subscribe", "opt in", "optin",
		"starten", "anmelden", "fortsetzen",
		"alta", "iniciar", "reanudar", "darse de alta", "darme de alta",
		"mulai", "mulai lagi", "langganan", "lanjutkan",
		"開始", "开始", "訂閱", "订阅", "恢復", "恢复",
		"reprendre",
	},
	Help: {"help", "info", "hilfe", "ayuda", "bantuan", "tolong bantu", "幫助", "帮助", "說明", "说明", "協助", "aide"},
}

// courtesies may stand around the word without changing what is asked for.
var courtesies = []string{
	"please", "pls", "plz", "thanks", "thank", "you", "now", "me", "my", "texting", "texts", "text", "messages", "message", "messaging", "sms", "the", "these", "this",
	"bitte", "danke", "jetzt", "nachrichten", "mir", "mich",
	"por", "favor", "gracias", "ya", "mensajes", "los", "me",
	"tolong", "mohon", "terima", "kasih", "pesan", "sekarang", "saya",
	"svp", "merci",
}

var courteous = strings.NewReplacer("請", "", "请", "", "謝謝", "", "谢谢", "", "我要", "", "我想", "", "簡訊", "", "短信", "", "立即", "")

// Keyword finds the word a text message consists of; empty if it says anything else. Consent may be revoked by any reasonable means, so
// letter case, accents, spaces between letters, quotation marks, emoji and courtesies do not matter. A word within a sentence is no
// keyword: "when will this end?" is a question, and deserves a person's answer.
func Keyword(text string) Word {
	if len(text) > 400 {
		return ""
	}
	said := spoken(text)
	if len(said) == 0 && strings.Contains(text, "🛑") {
		return Stop
	}
	for _, candidate := range []string{strings.Join(said, " "), strings.Join(without(said), " "), spelled(said)} {
		for word, all := range spellings {
			if candidate != "" && slices.Contains(all, candidate) {
				return word
			}
		}
	}
	return ""
}

// spoken is a text as folded words: compatibility forms resolved (ＳＴＯＰ), lower case, accents off, everything that is no letter a gap.
func spoken(text string) []string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) || r == '\'' || r == '’':
			return -1 // accents, invisible characters, and the apostrophe of a word
		}
		return ' '
	}, norm.NFKD.String(text))
	return strings.Fields(courteous.Replace(norm.NFC.String(text)))
}

func without(said []string) []string {
	return slices.DeleteFunc(slices.Clone(said), func(w string) bool { return slices.Contains(courtesies, w) })
}

// spelled joins letters that stand alone: "S T O P".
func spelled(said []string) string {
	for _, w := range said {
		if len([]rune(w)) > 1 {
			return ""
		}
	}
	return strings.Join(said, "")
}
