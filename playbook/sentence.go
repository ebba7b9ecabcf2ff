package playbook

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// abbreviations end in a full stop that ends no sentence; those that often do end one (etc., usw., p.m.) end it before a capital only.
var abbreviations = wordSet(`
	e.g i.e vs approx mr mrs ms dr prof st no nos fig est inc ltd co corp dept jan feb mar apr jun jul aug sep sept oct nov dec
	mon tue wed thu fri sat sun
	z.b u.a d.h o.g i.d.r v.a m.e s.o u.u ca bzw inkl exkl evtl ggf ggfs sog vgl zzgl nr str tel max min std mind fr hr ing dipl
	p.ej p.e sr sra srta ud uds vd vds aprox núm num art pág ee.uu s.a tfno
	dll dsb dst yth jl tgl a.n s.d no hlm kab bpk sdr`)

var closers = wordSet(`etc usw a.m p.m hrs min sek sec uhr dll dsb`)

var months = wordSet(`january february march april may june july august september october november december
	januar jänner februar märz april mai juni juli august september oktober november dezember uhr`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// sentences are the pieces of a text that say one thing, as offsets in the normal text.
func (n normal) sentences() []Span {
	var out []Span
	start := 0
	end := func(at int) {
		from, to := start, at
		for from < to && (n.text[from] == ' ' || n.text[from] == '\n') {
			from++
		}
		for to > from && (n.text[to-1] == ' ' || n.text[to-1] == '\n') {
			to--
		}
		if from < to {
			out = append(out, Span{from, to})
		}
		start = at
	}
	for i := 0; i < len(n.text); {
		r, size := utf8.DecodeRuneInString(n.text[i:])
		i += size
		switch r {
		case '\n':
			end(i)
		case '。', '｡', '॥':
			i += closing(n.text[i:])
			end(i)
		case '!', '?', '.', '…':
			stop := i - size
			i += closing(n.text[i:])
			if n.endsAt(stop, i, r) {
				end(i)
			}
		}
	}
	end(len(n.text))
	return out
}

// closing is how many bytes of stops, quotes and brackets belong to a stop.
func closing(rest string) int {
	return len(rest) - len(strings.TrimLeft(rest, `.!?。…"')]」』`))
}

// endsAt decides if the stop before byte next ends a sentence. Times (15.20), versions (2.1), addresses and ordinals do not.
func (n normal) endsAt(stop, next int, mark rune) bool {
	if next >= len(n.text) || n.text[next] == '\n' {
		return true
	}
	after, _ := utf8.DecodeRuneInString(n.text[next:])
	if n.text[next] != ' ' {
		return mark != '.' && !letterOrDigit(after) || unicode.Is(unicode.Han, after)
	}
	if mark == '!' || mark == '?' {
		return true
	}
	if next-stop > 1 && strings.HasPrefix(n.text[stop:], "..") || mark == '…' {
		return n.upper(next + 1)
	}
	if mark != '.' || next-stop > 1 {
		return true
	}
	word := lastWord(n.text[:stop])
	switch {
	case closers[word]:
		return n.upper(next + 1)
	case abbreviations[word] || utf8.RuneCountInString(word) == 1 && unicode.IsLetter([]rune(word)[0]):
		return false
	case len(word) > 0 && len(word) <= 2 && word[0] >= '0' && word[0] <= '9':
		return n.upper(next+1) && !months[firstWord(n.text[next+1:])]
	}
	return true
}

func lastWord(s string) string {
	i := strings.LastIndexAny(s, " \n(\"'/,")
	return s[i+1:]
}

func firstWord(s string) string {
	if i := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }); i >= 0 {
		return s[:i]
	}
	return s
}
