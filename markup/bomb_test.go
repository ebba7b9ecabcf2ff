package markup

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

// units are what bombs are made of: everything that means something to a Markdown parser, and its combinations.
var units = []string{
	">", "> ", ">\n", "> a\n", "- ", "-\n", "- a\n", "+ ", "* ", "*\n", "1. ", "1) a\n", "> - ", "- > ", "1. - > ", ">>a\n", "1\n", "1. a\n",
	"[", "]", "![", "[]", "[](", "[a](", "[a](b", "[a](<b", "[a](b)", "![a](b)", "[![a](b)](", "[a][", "[a]\n", "[a]: b\n", "[a] ", "(", ")", "[(",
	"*", "**", "*a", "*a ", "a*", "**a", "*a**", "*a_ ", "_a*", "*a **", "a**b", "_", "__", "_a ", "_a_ ", "a_b_", "~", "~~", "~~a", "~a~ ", "*~_",
	"***a* ", "*a *b ", "**a *b* ", "a***", "x*_~", "*_*_ ", "*a**a***", "_*a", "~~*a",
	"`", "``", "`a", "`a``b", "` ", "```\n", "```a\n", "~~~\n", "`\\", "```\n>", " ```\n", "> ```\n", "- ```\n",
	"<", "<a", "<a@", "<a:", "<http://a", "<a@b.c>", "<<", "< ", "<!--", "<?", "</", "<x y=", "<![CDATA[",
	"&", "&#", "&#x", "&a", "&amp;", "&#0;", "&lt", "\\", "\\\\", "\\*", "\\[", "!", "!!",
	"http://", "http://a.b ", "http://a.b/", "http://a.b(", "http://a.b/)", "http://a.b&amp;", "www.", "www.a.b ", "www.a.b)", "a@b.c ", "a@",
	"a.b@", "@", "mailto:", "h", ":", ":/", "://", "a:b ", ".", "a.", "a-", "a.b ", "a b ",
	"#", "# ", "# a\n", "#\n", "###### a #\n", "=\n", "a\n=\n", "a\n-\n", "-", "--\n", "---\n", "***\n", "_ _ _\n", "- - ", "* * *\n",
	"a", " ", "\n", "\t", "a\n", "a\n\n", "    a\n", "\ta\n", " \n", "  \n", "a  \n", "a\\\n", "|", "|a|\n|-|\n", "\"", "'",
	"\u202e", "\u0300", "é", "繁", "😀", "\xff", "\x00", "\r", "\r\n", "* a\n\n", "- a\n- b\n\n", "> a\n\n", "- a\n\n  ", "1. a\n   ",
}

// bombs are texts built to exhaust a parser. Most are far over the bounds; the last two shapes stay just below them, which is the most
// that goldmark is ever given.
func bombs() map[string]string {
	all := map[string]string{"nested lists by indentation": staircase()}
	for _, unit := range units {
		all[fmt.Sprintf("%q over and over", unit)] = repeat(unit, Limit)
		all[fmt.Sprintf("%q, then its mirror", unit)] = repeat(unit, Limit/2) + repeat(mirror(unit), Limit/2)
		all[fmt.Sprintf("%q behind what looks like code", unit)] = "- ```\n ```\n```\n```\n" + repeat(unit, Limit-20)
		all[fmt.Sprintf("%q just inside the bounds", unit)] = justInside(unit, "\n\n")
		all[fmt.Sprintf("%q just inside the bounds, as a list", unit)] = justInside(unit, "\n- ")
	}
	return all
}

func repeat(unit string, size int) string { return strings.Repeat(unit, size/len(unit)) }

// justInside repeats the unit as often as one block bears, and that block as often as a text bears.
func justInside(unit, between string) string {
	block := longest(func(n int) string { return strings.Repeat(unit, n) }, Limit/len(unit))
	return longest(func(n int) string { return strings.Repeat(block+between, n) }, Limit/len(block+between))
}

// longest finds by bisection the largest n up to most whose text is let through.
func longest(build func(int) string, most int) string {
	low, high := 1, max(1, most)
	for low < high {
		middle := (low + high + 1) / 2
		if Check(build(middle)) == nil {
			low = middle
			continue
		}
		high = middle - 1
	}
	return build(low)
}

func staircase() string {
	var b strings.Builder
	for depth := 0; b.Len() < Limit-600; depth = (depth + 1) % 20 {
		b.WriteString(strings.Repeat("  ", depth) + "- a\n")
	}
	return b.String()
}

func mirror(s string) string {
	swap := strings.NewReplacer("[", "]", "]", "[", "(", ")", ")", "(", "<", ">", ">", "<")
	runes := []rune(s)
	for i, j := 0, len(runes)-1; i < j; i, j = i+1, j-1 {
		runes[i], runes[j] = runes[j], runes[i]
	}
	return swap.Replace(string(runes))
}

// TestNoTextTakesLongerThanABlink is not parallel: it measures, and in processor time, because the machine has other things to do and only
// the text's own cost is in question. A collection of someone else's garbage is forgiven by a second and third try.
func TestNoTextTakesLongerThanABlink(t *testing.T) {
	const blink = 50 * time.Millisecond * slowdown
	slowest, worst := time.Duration(0), ""
	all := bombs()
	for name, bomb := range all {
		took := time.Hour
		for try := 0; try < 3 && took > blink; try++ {
			start := processorTime(t)
			HTML(bomb)
			took = min(took, processorTime(t)-start)
		}
		if took > slowest {
			slowest, worst = took, name
		}
		if took > blink {
			t.Errorf("%s takes %s", name, took)
		}
	}
	t.Logf("slowest of %d: %s, %s", len(all), slowest, worst)
}

// processorTime is what this process has used so far.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
