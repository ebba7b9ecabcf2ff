package playbook

import (
	"strings"
	"unicode"

	"candor/lang"
)

// ChineseSimplified is read and checked, though no page is offered in it yet.
const ChineseSimplified lang.Tag = "zh-Hans"

// little are the small words a language cannot do without, most of them its alone.
var little = map[lang.Tag]map[string]bool{
	lang.English:    wordSet(`the and of to is are we our you your for with this that was were have has been will it from at by not be an on`),
	lang.German:     wordSet(`der die das und ist sind wir uns unser unsere ihr ihre sie für mit nicht ein eine einen wurde wurden haben wird werden bei auf von zu dem den es im am um ab seit nach derzeit`),
	lang.Spanish:    wordSet(`el la los las de que y es son en un una para con por se su sus hemos estamos ha han del al nos les lo no más está están nuestro nuestra ya`),
	lang.Indonesian: wordSet(`yang dan di ke kami anda ini itu untuk dengan dari tidak akan sudah belum pada kak saat sedang telah ada bisa atas maaf mohon yg dgn utk sdh blm krn kita kendala gangguan layanan ya`),
}

// onlySimplified and onlyTraditional are everyday characters that the other script writes otherwise.
const (
	onlySimplified  = "们这个时间为对开关经现发还进务问题请谢据户们给应该业见说网络统复数据护备设"
	onlyTraditional = "們這個時間為對開關經現發還進務問題請謝據戶給應該業見說網絡統復數據護備設"
)

// Detect guesses the language of a text, English where nothing speaks for another.
func Detect(text string) lang.Tag {
	han, simplified, traditional, letters := 0, 0, 0, 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
			if strings.ContainsRune(onlyTraditional, r) {
				traditional++
			}
			if strings.ContainsRune(onlySimplified, r) {
				simplified++
			}
		case unicode.IsLetter(r):
			letters++
		}
	}
	// Names of products are Latin in every language; one character says as much as several letters.
	if han*4 > letters {
		if simplified > traditional {
			return ChineseSimplified
		}
		return lang.ChineseTraditional
	}
	best, most := lang.English, 0
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
	for _, tag := range []lang.Tag{lang.English, lang.German, lang.Spanish, lang.Indonesian} {
		count := 0
		for _, w := range words {
			if little[tag][w] {
				count++
			}
		}
		if count > most {
			best, most = tag, count
		}
	}
	return best
}
