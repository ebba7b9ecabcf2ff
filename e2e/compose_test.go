package e2e

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"candor/lang"
	"candor/playbook"
)

// A night is what somebody writes in one language, from the first word to the end.
type night struct {
	tag                                   lang.Tag
	first, careless, contradicting, ended string
}

// The words are careless on purpose, so that there is something to find.
var nights = []night{
	{
		lang.German, "Seit 13:00 Uhr lädt keine Webseite. Nächste Meldung um 13:15 Uhr.",
		"Hoppla, wir entschuldigen uns für etwaige Unannehmlichkeiten.", "Wir suchen weiter. Ihre Daten sind sicher.",
		"Alle Webseiten laden wieder seit 14:10 Uhr. Die Ursache war eine falsche Route, die wir eingetragen haben. Das war unser Fehler, und es tut uns leid. Ab morgen prüft ein zweiter Mensch jede Änderung, damit es nicht wieder vorkommt.",
	},
	{
		lang.ChineseTraditional, "自 13:00 起所有網站無法開啟。下一則更新將於 13:15 發布。",
		"對於可能造成的任何不便，我們深表歉意。", "我們仍在查找原因。您的資料是安全的。",
		"網站自 14:10 起全部恢復。原因是我們設定了錯誤的路由，這是我們的失誤，我們非常抱歉。自明天起，每項變更都由第二人審核，以避免再次發生。",
	},
}

// A communicator writes an outage from declaring to resolving in their own language, and reads what a careful colleague says in it.
func TestANightInTheAuthorsLanguage(t *testing.T) {
	for _, w := range nights {
		t.Run(string(w.tag), func(t *testing.T) {
			t.Parallel()
			b := newTab(t)
			p, stop, err := start("serve")
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			defer p.confess(t)
			n := newcomer{tab: b, p: p, look: true}
			n.setUp()
			n.makeItTheirs()
			n.speak(w.tag)
			c := composer{n, w, lang.For(w.tag)}
			code := c.declare()
			c.contradict(code)
			c.resolve(code)
			c.read(code)
			for _, said := range b.seen.complaints() {
				if !strings.Contains(said, "status of 422") { // who is asked once more is answered so
					t.Errorf("the console says: %s", said)
				}
			}
		})
	}
}

// speak makes a language the person's and the company's.
func (n newcomer) speak(tag lang.Tag) {
	n.t.Helper()
	n.visit(n.p.Console + "/profile")
	evaluate[any](n.tab, fmt.Sprintf(`document.querySelector("select[name=language]").value = %q`, tag))
	n.do("keep the language", submit("main form:has(select[name=language])"))
	n.eventually("the language is kept", func() bool { return strings.Contains(n.address(), "done=") })
	n.visit(n.p.Console + "/settings")
	evaluate[any](n.tab, fmt.Sprintf(`document.querySelector("select[name=default]").value = %q`, tag))
	n.follow("Keep the settings")
}

func submit(form string) chromedp.Action[chromedp.Void] {
	return chromedp.Click(chromedp.CSS(form+" button[type=submit]"), chromedp.NodeVisible)
}

type composer struct {
	newcomer
	night
	words lang.Words
}

func (c composer) body() string { return "body-" + string(c.tag) }

// advised waits until the findings beside the text say why a rule matters, in the author's language.
func (c composer) advised(rule playbook.FindingRule) {
	c.t.Helper()
	why := playbook.Finding{Rule: rule}.Why(c.words)
	c.eventually("advice on "+string(rule), func() bool { return strings.Contains(c.advice(), why) })
}

func (c composer) advice() string {
	c.t.Helper()
	return evaluate[string](c.tab, `document.querySelector(".findings")?.innerText ?? ""`)
}

func (c composer) declare() (code string) {
	c.t.Helper()
	c.visit(c.p.Console + "/declare")
	evaluate[any](c.tab, `[...document.querySelectorAll(".broken select")].forEach(s => { s.value = "major_outage" })`)
	c.fill(c.body(), c.careless)
	c.advised(playbook.RuleConditional)
	c.readableByAll(c.t, "declare, with findings in "+string(c.tag))
	c.takeShots("compose-declare-"+string(c.tag), 360, 1280)
	c.fill(c.body(), c.first)
	c.eventually("the finding goes with the words", func() bool {
		return !strings.Contains(c.advice(), playbook.Finding{Rule: playbook.RuleConditional}.Why(c.words))
	})
	c.follow("Post the first word")
	m := regexp.MustCompile(`/console/incidents/([a-z0-9]{12})`).FindStringSubmatch(c.address())
	if m == nil {
		c.t.Fatalf("after declaring: %s", c.where()+c.text())
	}
	return m[1]
}

// contradict says that data is safe while the field says that nobody knows: that costs one more click, and only one.
func (c composer) contradict(code string) {
	c.t.Helper()
	c.visit(c.p.Console + "/incidents/" + code + "/write")
	c.fill(c.body(), c.contradicting)
	c.advised(playbook.RuleDataSafe)
	c.takeShots("compose-asked-"+string(c.tag), 360, 1280)
	c.readableByAll(c.t, "write, with a contradiction in "+string(c.tag))
	c.do("post", submit(".posting"))
	c.eventually("one is asked", func() bool {
		return strings.Contains(evaluate[string](c.tab, `document.body?.innerText ?? ""`), c.words.T("problem.contradiction")) // between two pages there is no body
	})
	if kept := evaluate[string](c.tab, fmt.Sprintf(`document.getElementById(%q).value`, c.body())); kept != c.contradicting {
		c.t.Errorf("what was typed became %q", kept)
	}
	c.do("tick", chromedp.Click(chromedp.CSS("#anyway input"), chromedp.NodeVisible))
	c.do("post all the same", submit(".posting"))
	c.eventually("it is posted", func() bool { return strings.Contains(c.address(), "done=posted") })
}

func (c composer) resolve(code string) {
	c.t.Helper()
	c.visit(c.p.Console + "/incidents/" + code + "/write?status=resolved")
	c.fill(c.body(), c.ended)
	c.eventually("nothing is left to warn of", func() bool {
		return c.advice() != "" && !strings.Contains(c.advice(), c.words.T("check.level.warn")+"\n\n"+playbook.Finding{Rule: playbook.RuleNoApology}.Why(c.words)) &&
			!strings.Contains(c.advice(), playbook.Finding{Rule: playbook.RuleNoAction}.Why(c.words))
	})
	c.do("post the end", submit(".posting"))
	c.eventually("it is over", func() bool { return strings.Contains(c.address(), "done=posted") })
	c.says(c.words.T("check.stored"))
	c.readableByAll(c.t, "the incident, in "+string(c.tag))
	c.takeShots("compose-incident-"+string(c.tag), 360, 1280)
}

// read is what customers see: the words and none of the advice.
func (c composer) read(code string) {
	c.t.Helper()
	c.visit(c.p.Site + "/" + c.tag.Path() + "/incidents/" + code)
	text := c.text()
	for _, said := range []string{c.first, c.contradicting, c.ended} {
		if !strings.Contains(text, said) {
			c.t.Errorf("customers do not read %q:\n%s", said, text)
		}
	}
	if strings.Contains(text, c.words.T("check.stored")) {
		c.t.Error("customers read what was pointed out")
	}
	c.takeShots("compose-public-"+string(c.tag), 360)
}

// Somebody types on an old telephone: what is looked up while they do must neither take what they typed, nor the place of the caret.
func TestTypingIsNotDisturbedByWhatIsFound(t *testing.T) {
	t.Parallel()
	b := newTab(t)
	p := worstDay(t)
	b.signIn(p)
	b.visit(p.Console + "/declare")
	command(b, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: 4})
	evaluate[any](b, `(() => {
		window.longTasks = [];
		new PerformanceObserver(list => list.getEntries().forEach(e => longTasks.push(Math.round(e.duration)))).observe({entryTypes: ["longtask"]});
	})()`)
	const typed = "Whoops, we are sorry for any inconvenience. "
	const field = `document.getElementById("body-en")`
	b.fill("body-en", typed)
	for range 4 {
		b.eventually("what is typed is looked at", func() bool {
			return strings.Contains(evaluate[string](b, `document.querySelector(".findings")?.innerText ?? ""`), "doubts that anybody was harmed")
		})
		b.do("type on", chromedp.KeyEvent(typed))
	}
	if got := evaluate[string](b, field+`.value`); got != strings.Repeat(typed, 5) {
		t.Errorf("what was typed became %q", got)
	}
	if !evaluate[bool](b, `document.activeElement === `+field+` && `+field+`.selectionStart === `+field+`.value.length`) {
		t.Error("the caret was moved while somebody typed")
	}
	t.Logf("tasks over 50 ms on a processor four times as slow, in ms: %v", evaluate[[]int](b, `longTasks`))
	command(b, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: 1})
}
