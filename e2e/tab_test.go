package e2e

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A tab is one visitor: cookies of its own, and a memory of all it loaded and of everything its console complained about.
type tab struct {
	t    *testing.T
	ctx  context.Context
	seen *memory
}

// patience is how long one step may take on a busy machine with two cores.
const patience = 30 * time.Second

func newTab(t *testing.T) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser(t), chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	b := &tab{t: t, ctx: ctx, seen: &memory{bytes: map[network.RequestID]float64{}, urls: map[network.RequestID]string{}}}
	if err := chromedp.Listen(ctx, b.seen.add); err != nil {
		t.Fatal(err)
	}
	command(b, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	b.size(1280)
	return b
}

// withoutScript turns JavaScript off in what the tab loads from now on.
func (b *tab) withoutScript() {
	b.t.Helper()
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
}

// size is the width of the window; a narrow one is a phone.
func (b *tab) size(width int64) {
	b.t.Helper()
	height := int64(900)
	if width < 600 {
		height = 780
	}
	b.do(fmt.Sprintf("size to %d px", width), chromedp.EmulateViewport(width, height))
}

// scheme is what the visitor's system prefers: light or dark.
func (b *tab) scheme(name string) {
	b.t.Helper()
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
}

func (b *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v\n%s", what, err, b.where())
	}
}

// read runs an action that answers.
func read[T any](b *tab, what string, a chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	got, err := chromedp.Run(ctx, a)
	if err != nil {
		b.t.Fatalf("%s: %v\n%s", what, err, b.where())
	}
	return got
}

// evaluate asks the page with a script, which no policy of the page and no switched-off JavaScript stops.
func evaluate[T any](b *tab, script string) T {
	b.t.Helper()
	return read(b, "evaluate "+script[:min(len(script), 80)], chromedp.Evaluate[T](script))
}

func command[P, R any](b *tab, cmd cdp.Command[P, R], params P) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, cmd, params); err != nil {
		b.t.Fatalf("%s: %v", cmd.Method, err)
	}
}

// visit opens an address and answers its status.
func (b *tab) visit(address string) int64 {
	b.t.Helper()
	return read(b, "visit "+address, chromedp.NavigateResponse(address)).Status
}

// follow presses a button or a link by the words on it and waits for the page it leads to.
func (b *tab) follow(words string) {
	b.t.Helper()
	read(b, "follow "+words, loaded(chromedp.Click(called(words), chromedp.NodeVisible)))
}

// loaded waits for the page that an action leads to.
func loaded(a chromedp.Action[chromedp.Void]) chromedp.Action[page.EventLoadEventFired] {
	return chromedp.WaitEvent(page.LoadEventFired, nil, a)
}

// called finds what can be pressed by the words on it.
func called(words string) chromedp.Search {
	is := fmt.Sprintf(`[normalize-space()=%q]`, words)
	return chromedp.Search("//button" + is + " | //a" + is + " | //summary" + is + " | //label" + is)
}

// fill replaces what stands in a field by typing.
func (b *tab) fill(id, value string) {
	b.t.Helper()
	if !evaluate[bool](b, fmt.Sprintf(`(e => e !== null && (e.value = "", true))(document.getElementById(%q))`, id)) {
		b.t.Fatalf("there is no field %s\n%s\n%s", id, b.where(), b.text())
	}
	b.do("fill in "+id, chromedp.SendKeys(chromedp.ID(id), value))
}

// text is what the page says, as a person reads it.
func (b *tab) text() string {
	b.t.Helper()
	return evaluate[string](b, `document.body.innerText`)
}

// says fails unless the page has the words.
func (b *tab) says(words ...string) {
	b.t.Helper()
	text := b.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			b.t.Fatalf("the page does not say %q\n%s\n%s", w, b.where(), text)
		}
	}
}

func (b *tab) address() string {
	b.t.Helper()
	return read(b, "read the address", chromedp.Location())
}

// where helps to understand a failure.
func (b *tab) where() string {
	ctx, cancel := context.WithTimeout(b.ctx, time.Second)
	defer cancel()
	at, _ := chromedp.Run(ctx, chromedp.Location())
	return fmt.Sprintf("at %s\n%s", at, strings.Join(b.seen.complaints(), "\n"))
}

// A memory keeps what a tab loaded and what its console said.
type memory struct {
	mu       sync.Mutex
	urls     map[network.RequestID]string
	bytes    map[network.RequestID]float64
	messages []string
}

func (m *memory) add(event any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		m.urls[e.RequestID] = e.Request.URL
	case *network.EventLoadingFinished:
		m.bytes[e.RequestID] = e.EncodedDataLength
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			m.messages = append(m.messages, fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			m.messages = append(m.messages, fmt.Sprintf("console.%s", e.Type))
		}
	case *runtime.EventExceptionThrown:
		m.messages = append(m.messages, exception(e.ExceptionDetails))
	}
}

func exception(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Text + " " + d.Exception.Description
	}
	return d.Text
}

func (m *memory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.urls)
	clear(m.bytes)
	m.messages = nil
}

func (m *memory) complaints() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.messages...)
}

// transferred is every byte that came over the wire since forget, headers included.
func (m *memory) transferred() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	sum := 0.0
	for _, n := range m.bytes {
		sum += n
	}
	return int(sum)
}

// strangers are the hosts the page asked although they are not the page's own.
func (m *memory) strangers(own string) (all []string) {
	home, _ := url.Parse(own)
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, address := range m.urls {
		if u, err := url.Parse(address); err != nil || (u.Host != home.Host && u.Scheme != "data" && u.Scheme != "about") {
			all = append(all, address)
		}
	}
	return all
}
