package incident

import (
	"regexp"
	"strings"
	"unicode"
)

// A Sign is one thing that speaks for spam, with its weight; or, without a weight, why a comment waits.
type Sign struct {
	Kind   SignKind `json:"kind"`
	Points int      `json:"points,omitempty"`
}

// A SignKind names it.
type SignKind string

const (
	SignLinks    SignKind = "links"       // more than one link
	SignNameLink SignKind = "name_link"   // an address where a name belongs
	SignTags     SignKind = "tags"        // links as forums and HTML write them
	SignWords    SignKind = "words"       // what spammers sell
	SignRepeated SignKind = "repeated"    // the same words have come before
	SignShouting SignKind = "shouting"    // hardly a small letter
	SignRun      SignKind = "run"         // one character over and over
	SignMixed    SignKind = "mixed"       // letters of two alphabets in one word, which look alike
	SignWordless SignKind = "wordless"    // no words at all
	SignChecked  SignKind = "checked"     // the check outside calls it spam
	SignNoMail   SignKind = "unconfirmed" // no mail address stands behind it
	SignPolicy   SignKind = "policy"      // the company looks at every comment first
	SignFlagged  SignKind = "flagged"     // readers asked us to look
)

// Suspicious is from how many points on a person looks first.
const Suspicious = 4

// Points are what the signs weigh together.
func Points(signs []Sign) (n int) {
	for _, s := range signs {
		n += s.Points
	}
	return n
}

// Waits are the reasons among signs for which one of us decides first.
func Waits(signs []Sign) bool {
	for _, s := range signs {
		if s.Kind == SignNoMail || s.Kind == SignPolicy || s.Kind == SignChecked {
			return true
		}
	}
	return Points(signs) >= Suspicious
}

var (
	anyLink  = regexp.MustCompile(`(?i)\bhttps?:|\bwww\.`)
	tagLink  = regexp.MustCompile(`(?i)\[(url|link)[=\]]|<\s*a\s`)
	anyHost  = regexp.MustCompile(`(?i)[a-z0-9-]{2,}\.(com|net|org|info|biz|ru|cn|top|xyz|shop|site|online|club|io|co)\b`)
	wordRuns = regexp.MustCompile(`\p{L}+`)
)

// peddled are words of what is sold by spam, which no one needs to say that a server is down. Who does is not refused: a person looks.
var peddled = regexp.MustCompile(`(?i)\b(viagra|cialis|casino|poker|betting|togel|slot gacor|judi online|escort|porn|replica watches|payday loan|seo services|backlinks|crypto ?giveaway|forex signals|essay writing|weight loss)\b|博彩|賭場|代開發票|貸款秒`)

// Links is how many links a text has.
func Links(body string) int { return len(anyLink.FindAllStringIndex(body, -1)) }

// SignsOf are the signs that a comment carries in itself. repeated says that the same words came before.
func SignsOf(name, body string, repeated bool) (signs []Sign) {
	add := func(is bool, kind SignKind, points int) {
		if is {
			signs = append(signs, Sign{kind, points})
		}
	}
	n := Links(body)
	add(n > 1, SignLinks, 2*(n-1))
	add(anyLink.MatchString(name) || anyHost.MatchString(name) || strings.Contains(name, "@"), SignNameLink, 4)
	add(tagLink.MatchString(body), SignTags, 4)
	found := len(peddled.FindAllStringIndex(name+"\n"+body, -1))
	add(found > 0, SignWords, 3*min(found, 3))
	add(repeated, SignRepeated, 4)
	letters, capitals, longest := shape(body)
	add(letters >= 20 && capitals*10 > letters*8, SignShouting, 1)
	add(longest >= 12, SignRun, 2)
	add(letters == 0, SignWordless, 2)
	add(mixed(body), SignMixed, 3)
	return signs
}

// shape counts letters, capitals among those that have two forms, and the longest run of one character that is no space.
func shape(body string) (letters, capitals, longest int) {
	var last rune
	run := 0
	for _, r := range body {
		if unicode.IsLetter(r) {
			letters++
		}
		if unicode.IsUpper(r) {
			capitals++
		}
		if r == last && !unicode.IsSpace(r) {
			run++
		} else {
			run = 1
		}
		last, longest = r, max(longest, run)
	}
	return letters, capitals, longest
}

// mixed reports whether one word has Latin letters beside Cyrillic or Greek ones, which is how a forbidden word is disguised.
func mixed(body string) bool {
	for _, word := range wordRuns.FindAllString(body, -1) {
		latin, other := false, false
		for _, r := range word {
			latin = latin || unicode.Is(unicode.Latin, r)
			other = other || unicode.In(r, unicode.Cyrillic, unicode.Greek)
		}
		if latin && other {
			return true
		}
	}
	return false
}
