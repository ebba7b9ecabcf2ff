package markup

import (
	"strings"
	"testing"

	"candor/problem"

	"github.com/google/go-cmp/cmp"
)

func TestMarkdownBecomesWhatACustomerReads(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ says, md, html, text string }{
		{"nothing is nothing", " \n\n ", "", ""},
		{"a paragraph", "We are repairing it.", "<p>We are repairing it.</p>\n", "We are repairing it."},
		{"a line break stays", "DNS is back.\nMail is not.", "<p>DNS is back.<br>\nMail is not.</p>\n", "DNS is back.\nMail is not."},
		{"Windows breaks lines too", "one\r\ntwo\rthree", "<p>one<br>\ntwo<br>\nthree</p>\n", "one\ntwo\nthree"},
		{"two paragraphs", "one\n\n\ntwo", "<p>one</p>\n<p>two</p>\n", "one\n\ntwo"},
		{"emphasis", "*really* **down** ~~up~~ `ns1`", "<p><em>really</em> <strong>down</strong> <del>up</del> <code>ns1</code></p>\n", "really down ~~up~~ ns1"},
		{"a heading is a strong paragraph", "# Cause\nrouters\n\nActions\n---\nthree", "<p><strong>Cause</strong></p>\n<p>routers</p>\n<p><strong>Actions</strong></p>\n<p>three</p>\n", "Cause\n\nrouters\n\nActions\n\nthree"},
		{"a list", "- DNS\n- mail\n  - IMAP\n- web", "<ul>\n<li>DNS</li>\n<li>mail\n<ul>\n<li>IMAP</li>\n</ul>\n</li>\n<li>web</li>\n</ul>\n", "- DNS\n- mail\n  - IMAP\n- web"},
		{"numbers keep counting", "3. stop\n4. start", "<ol start=\"3\">\n<li>stop</li>\n<li>start</li>\n</ol>\n", "3. stop\n4. start"},
		{"a loose list", "1. one\n\n   more\n2. two", "<ol>\n<li>\n<p>one</p>\n<p>more</p>\n</li>\n<li>\n<p>two</p>\n</li>\n</ol>\n", "1. one\n\n   more\n\n2. two"},
		{"a quote", "> you said\n> soon", "<blockquote>\n<p>you said<br>\nsoon</p>\n</blockquote>\n", "> you said\n> soon"},
		{"code", "```sh\ndig <host> && echo *\n```", "<pre><code>dig &lt;host&gt; &amp;&amp; echo *\n</code></pre>\n", "dig <host> && echo *"},
		{"a link", "[report](https://status.example/r?a=1&b=2 \"title\")", "<p><a href=\"https://status.example/r?a=1&amp;b=2\" rel=\"nofollow noopener\">report</a></p>\n", "report (https://status.example/r?a=1&b=2)"},
		{"an address links itself", "see https://status.example/r.", "<p>see <a href=\"https://status.example/r\" rel=\"nofollow noopener\">https://status.example/r</a>.</p>\n", "see https://status.example/r."},
		{"a mail address links itself", "write to dana@status.example", "<p>write to <a href=\"mailto:dana@status.example\" rel=\"nofollow noopener\">dana@status.example</a></p>\n", "write to dana@status.example"},
		{"a phone number", "[call us](tel:+14805550142)", "<p><a href=\"tel:+14805550142\" rel=\"nofollow noopener\">call us</a></p>\n", "call us (+14805550142)"},
		{"a link that says its address", "[dana@status.example](mailto:dana@status.example)", "<p><a href=\"mailto:dana@status.example\" rel=\"nofollow noopener\">dana@status.example</a></p>\n", "dana@status.example"},
		{"a link that acts is words", "[click](javascript:alert(1)) [me](data:text/html,x) [or](/relative)", "<p>click me or</p>\n", "click me or"},
		{"a picture is its description", "![a *graph* ![of](x) load](https://tracker.example/p.gif)", "<p>a <em>graph</em> of load</p>\n", "a graph of load"},
		{"a tag is the characters it is typed with", "<b onclick=x>1 < 2</b> & 3", "<p>&lt;b onclick=x&gt;1 &lt; 2&lt;/b&gt; &amp; 3</p>\n", "<b onclick=x>1 < 2</b> & 3"},
		{"escapes are undone once", `\*not\* \&amp; &amp;lt; &copy;`, "<p>*not* &amp;amp; &amp;lt; ©</p>\n", "*not* &amp; &lt; ©"},
		{"a definition does not vanish", "[a]: https://x.example", "<p>[a]: <a href=\"https://x.example\" rel=\"nofollow noopener\">https://x.example</a></p>\n", "[a]: https://x.example"},
		{"what cannot be seen is dropped", "a\x00b\u202ec\x1bd\ufeff\xff", "<p>abcd\ufffd</p>\n", "abcd\ufffd"},
		{"Chinese", "**全部恢復了。**我們會再盯十二小時。", "<p><strong>全部恢復了。</strong>我們會再盯十二小時。</p>\n", "全部恢復了。我們會再盯十二小時。"},
		{"a line across", "one\n\n---\n\ntwo", "<p>one</p>\n\n<p>two</p>\n", "one\n\n---\n\ntwo"},
	} {
		if diff := cmp.Diff(row.html, HTML(row.md)); diff != "" {
			t.Errorf("%s, HTML (-want +got):\n%s", row.says, diff)
		}
		if diff := cmp.Diff(row.text, Text(row.md)); diff != "" {
			t.Errorf("%s, text (-want +got):\n%s", row.says, diff)
		}
	}
}

func TestWhatIsTooLongOrTooNestedIsRefusedButNeverLost(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("繁", Limit/3+1)
	if !problem.Is(Check(long), problem.TooLarge) {
		t.Errorf("Check of %d bytes = %v", len(long), Check(long))
	}
	if got := HTML(long); got != "<p>"+strings.Repeat("繁", Limit/3)+"</p>\n" {
		t.Errorf("a long text is not cut at a whole character: %d bytes, %q", len(got), got[len(got)-20:])
	}
	deep := strings.Repeat("> ", 9) + "<b>deep</b>\nsecond\n\n\n\nthird"
	if !problem.Is(Check(deep), problem.Invalid) {
		t.Errorf("Check of nine quotes = %v", Check(deep))
	}
	want := "<p>" + strings.Repeat("&gt; ", 9) + "&lt;b&gt;deep&lt;/b&gt;<br>\nsecond</p>\n<p>third</p>\n"
	if diff := cmp.Diff(want, HTML(deep)); diff != "" {
		t.Errorf("nine quotes (-want +got):\n%s", diff)
	}
	if got := Text(deep); got != deep {
		t.Errorf("nine quotes as text: %q", got)
	}
}

func TestWhatPeopleWriteIsNotTakenForAnAttack(t *testing.T) {
	t.Parallel()
	log := strings.Repeat("[2012-09-10 13:00:01] *core-router_7* [error] <bgp> ~~~ (((`'\n", 400)
	for says, md := range map[string]string{
		"an ordinary update":                   "We found the cause.\n\n- DNS: **back**\n- Mail: *not yet*\n\n> You asked when.\n\nSee [the report](https://x.example/r).",
		"a report of 60 kB":                    strings.Repeat("**What happened.** The [routing tables](https://x.example/a_b) were *corrupted* at 13:00.\n\n", 650),
		"a long log in a code block":           "This is the log:\n\n```text\n" + log + "```\n\nAfter it.",
		"a long log in a block of tildes":      "~~~~\n" + strings.ReplaceAll(log, "~~~", "```") + "~~~~",
		"a list of sixty linked pages":         strings.Repeat("- [page_name](https://x.example/some_page_name): **done**\n", 60),
		"three lists in each other in a quote": "> - a\n>   - b\n>     1. c",
	} {
		if err := Check(md); err != nil {
			t.Errorf("%s is refused: %v", says, err)
		}
	}
}

func TestBlackoutHidesEveryPlaceAndNotHowMuch(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		says, md string
		spans    []string
		want     string
	}{
		{"every place", "key k1 and k1 again", []string{"k1"}, "key ██████ and ██████ again"},
		{"a span inside another", "token abc123 or abc", []string{"abc", "abc123"}, "token ██████ or ██████"},
		{"spans that overlap", "abcd", []string{"abc", "bcd"}, "██████"},
		{"a span that overlaps itself", "xababay", []string{"aba"}, "x██████y"},
		{"spans that touch do not count what they hide", "k1k1k1", []string{"k1"}, "██████"},
		{"nothing to hide", "abc", []string{"", "zzz"}, "abc"},
		{"no spans", "abc", nil, "abc"},
		{"a span in Chinese", "帳號林怡君", []string{"林怡君"}, "帳號██████"},
	} {
		if got := Blackout(row.md, row.spans, Mark); got != row.want {
			t.Errorf("%s: got %q, want %q", row.says, got, row.want)
		}
	}
}

func BenchmarkHTMLOfAnUpdate(b *testing.B) {
	md := "We have found the cause and are repairing it. **Nobody attacked us.**\n\n- DNS comes back first\n- then [mail](https://x.example)\n"
	for b.Loop() {
		HTML(md)
	}
}
