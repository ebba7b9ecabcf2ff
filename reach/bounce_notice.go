package reach

import (
	"regexp"
	"slices"
	"strings"

	"candor/audience"
)

// Many servers still report in prose. What they have in common: a machine's name as the sender, a subject that says that something did not
// arrive, lines that begin with an address, what the next server said, and the letter itself below a line that announces it.

// notice reads a report that is prose.
func (e *evidence) notice() []Returned {
	n, machine := e.suspicion()
	if n < 3 || !machine && (n < 4 || e.top.header.first("in-reply-to") != "") {
		return nil
	}
	names, text := e.named()
	if !machine && names[0].address == "" {
		return nil
	}
	head := strings.ToLower(e.top.header.text("subject")) + "\n" + strings.ToLower(cutText(text, 4000))
	delayed := containsAny(head, delayWords) && !containsAny(head, gaveUpWords)
	var all []Returned
	for i, n := range names {
		said := n.said
		if len(names) > 1 && len(names) <= 20 {
			said += "\n" + linesAbout(text, n.address)
		}
		s := statement{text: said}
		s.code, s.detail = codesIn(said)
		r := Returned{Address: audience.Address(n.address)}
		context := cutText(text, mostContext)
		if i >= mostWithContext || i > 0 && strings.TrimSpace(n.said) != "" && s.code+len(s.detail) > 0 {
			context = ""
		}
		r.Class, r.Status, r.Reason = s.judge(context)
		if delayed {
			r.Class = BounceSoft
			if r.Reason == ReasonNoReason || r.Reason == ReasonUnspecified {
				r.Reason = ReasonDelayed
			}
		}
		all = append(all, r)
	}
	return all
}

// fromDaemon reports whether a mail server wrote it, as far as it says so.
func (e *evidence) fromDaemon() bool {
	h := e.top.header
	return h.first("x-failed-recipients") != "" || strings.HasPrefix(e.top.kind, "multipart/report") && !e.receipt ||
		containsAny(strings.ToLower(h.text("from")), daemons)
}

// suspicion is how much speaks for a report of failure, and whether any of it is a machine's. One sign alone is not enough: people forward,
// quote and ask about them.
func (e *evidence) suspicion() (n int, machine bool) {
	h := e.top.header
	list := h.first("list-unsubscribe") != "" || h.first("list-id") != ""
	subject := strings.ToLower(strings.TrimSpace(h.text("subject")))
	for _, prefix := range forwarded {
		subject = strings.TrimSpace(strings.TrimPrefix(subject, prefix))
	}
	answer := strings.HasPrefix(subject, "re:") || strings.HasPrefix(subject, "aw:")
	if h.first("x-failed-recipients") != "" {
		n += 3
	}
	if strings.HasPrefix(e.top.kind, "multipart/report") && !e.receipt {
		n += 3
	}
	if containsAny(strings.ToLower(h.text("from")), daemons) {
		n += 2
	}
	if !answer && containsAny(subject, failureSubjects) {
		n += 2
	}
	if h.first("return-path") == "<>" {
		n++
	}
	if auto := strings.ToLower(h.first("auto-submitted")); strings.HasPrefix(auto, "auto-") {
		n++
	}
	notice, rest := e.split()
	lower := strings.ToLower(notice)
	if containsAny(unquoted(lower), failurePhrases) {
		n += 2
	}
	if rest != "" || len(e.originals) > 0 {
		n++
	}
	if code, detail := codesIn(notice); code > 0 || detail != "" {
		n++
	}
	if e.fromDaemon() && n < 3 {
		if names, _ := e.named(); names[0].address != "" { // in a language that we do not know
			n++
		}
	}
	machine = e.fromDaemon() || !list && (h.first("return-path") == "<>" || rest != "" || len(e.originals) > 0 || h.first("auto-submitted") != "")
	return n, machine
}

// unquoted leaves out what somebody quotes.
func unquoted(text string) string {
	var out strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "> ") || line == ">" {
			continue
		}
		out.WriteString(line)
		out.WriteByte(' ') // a phrase may be folded
	}
	return out.String()
}

// split is the notice of all texts, and the returned letter where one of them holds it.
func (e *evidence) split() (notice, rest string) {
	for _, text := range e.texts {
		a, b := splitNotice(text)
		notice += a + "\n"
		if b != "" {
			return cutText(notice, mostTextSize), b
		}
	}
	return cutText(notice, mostTextSize), ""
}

// splitNotice parts a text where the returned letter begins.
func splitNotice(text string) (notice, rest string) {
	at := 0
	for line := range strings.SplitAfterSeq(text, "\n") {
		if at > 0 && beginsOriginal(line) {
			after := text[at+len(line):]
			if isHeaderLine(line) {
				after = text[at:]
			}
			return text[:at], strings.TrimLeft(after, "\r\n \t")
		}
		at += len(line)
	}
	return text, ""
}

func isHeaderLine(line string) bool {
	return strings.HasPrefix(line, "Received: ") || strings.HasPrefix(line, "Return-Path: ") || strings.HasPrefix(line, "DKIM-Signature: ")
}

func beginsOriginal(line string) bool {
	if len(line) > 200 || len(line) < 4 {
		return false
	}
	if isHeaderLine(line) {
		return true
	}
	plain := strings.ToLower(strings.Trim(line, "-=*_+#<>|:;., \t\r\n"))
	if slices.Contains(originalLines, plain) {
		return true
	}
	for _, begin := range originalBegins {
		if strings.HasPrefix(plain, begin) {
			return true
		}
	}
	return false
}

// What is said of one recipient is read within bounds: a report can name five hundred.
const (
	mostContext   = 16 << 10
	mostSaid      = 4 << 10
	mostLinesSaid = 30
	// Of more recipients than this, only what is said of each is read.
	mostWithContext = 20
)

// A named is an address that a notice is about, and the lines that belong to it.
type named struct {
	address string
	said    string
}

const addressPattern = `[\pL\pN!#$%&'*+/=?^_{|}~.-]+@[\pL\pN](?:[\pL\pN-]*[\pL\pN])?(?:\.[\pL\pN](?:[\pL\pN-]*[\pL\pN])?)*`

var (
	addressForm = regexp.MustCompile(addressPattern)
	// leading is an address at the start of a line, after whatever servers draw there.
	leading = regexp.MustCompile(`^[\s*•·|"'<:\-–>\[(]*(?:\d+[.)]\s+)?["'<\[(]*(?:smtp:|mailto:|rfc822;\s*)?(` + addressPattern + `)`)
)

// named is whom the notice names as having failed, and its whole text.
func (e *evidence) named() (all []named, text string) {
	text, _ = e.split()
	ours := map[string]bool{}
	for _, field := range []string{"to", "from", "reply-to", "delivered-to", "cc", "sender", "x-original-to"} {
		for _, a := range addressesIn(e.top.header.text(field)) {
			ours[strings.ToLower(a)] = true
		}
	}
	found := readNames(text, ours)
	failed := addressesIn(e.top.header.text("x-failed-recipients"))
	switch {
	case len(failed) > 0:
		all = pick(found.all, failed)
	case len(found.leading) > 0:
		all = found.leading
	case len(found.labelled) > 0:
		all = found.labelled
	default:
		if to := e.intended(); len(to) > 0 {
			all = pick(found.all, to[:1])
		} else if len(found.all) > 0 {
			all = found.all[:1]
		} else {
			all = []named{{}}
		}
	}
	if len(all) == 1 {
		all[0].said = text
	}
	return all[:min(len(all), mostReturnedNames)], text
}

// pick keeps what is said of these addresses, of each even if nothing is.
func pick(from []named, addresses []string) (all []named) {
	for _, a := range addresses {
		at := slices.IndexFunc(from, func(n named) bool { return strings.EqualFold(n.address, a) })
		n := named{address: a}
		if at >= 0 {
			n.said = from[at].said
		}
		if !slices.ContainsFunc(all, func(n named) bool { return strings.EqualFold(n.address, a) }) {
			all = append(all, n)
		}
	}
	return all
}

// names are the addresses of a notice by how likely they are the ones that failed.
type names struct{ leading, labelled, all []named }

func readNames(text string, ours map[string]bool) (found names) {
	lines := strings.Split(text, "\n")
	lines = lines[:min(len(lines), 4000)]
	type place struct {
		line    int
		address string
		kind    int
	}
	var places []place
	for i, line := range lines {
		if len(line) > 2000 {
			line = line[:2000]
		}
		if strings.IndexByte(line, '@') < 0 {
			continue
		}
		kind, address := lineNames(line, i > 0 && endsOpen(lines[i-1]))
		if address != "" && !ours[strings.ToLower(address)] && len(places) < 4*mostReturnedNames {
			places = append(places, place{i, address, kind})
		}
	}
	for n, p := range places {
		end := len(lines)
		for _, later := range places[n+1:] {
			if later.kind >= p.kind && !strings.EqualFold(later.address, p.address) {
				end = later.line
				break
			}
		}
		end = min(max(end, p.line+1), p.line+mostLinesSaid)
		x := named{p.address, cutText(strings.Join(lines[p.line:end], "\n"), mostSaid)}
		found.all = addNamed(found.all, x)
		if p.kind == kindLeading {
			found.leading = addNamed(found.leading, x)
		}
		if p.kind == kindLabelled {
			found.labelled = addNamed(found.labelled, x)
		}
	}
	return found
}

func addNamed(all []named, x named) []named {
	if at := slices.IndexFunc(all[:min(len(all), mostReturnedNames)], func(n named) bool { return strings.EqualFold(n.address, x.address) }); at >= 0 || len(all) >= mostReturnedNames {
		return all
	}
	return append(all, x)
}

// endsOpen reports whether a line announces an address on the next one.
func endsOpen(line string) bool {
	line = strings.TrimSpace(line)
	return strings.HasSuffix(line, ":") || strings.HasSuffix(line, " to") || strings.HasSuffix(line, "：")
}

const (
	kindOther = iota
	kindLabelled
	kindLeading
)

// lineNames finds the address of a line and what it stands for there.
func lineNames(line string, announced bool) (kind int, address string) {
	lower := strings.ToLower(line)
	if containsAny(lower, notRecipients) && !announced {
		if !strings.Contains(lower, "rcpt to") && !strings.Contains(lower, "recipient") {
			return kindOther, ""
		}
	}
	if m := leading.FindStringSubmatch(line); m != nil {
		if a := cleanAddress(m[1]); a != "" {
			return kindLeading, a
		}
	}
	at := addressForm.FindStringIndex(line)
	if at == nil {
		return kindOther, ""
	}
	a := cleanAddress(line[at[0]:at[1]])
	if a == "" {
		return kindOther, ""
	}
	before := strings.ToLower(line[:at[0]])
	if announced || containsAny(before, labels) {
		return kindLabelled, a
	}
	return kindOther, a
}

// linesAbout are the lines elsewhere that name an address, each with the one after it: transcripts stand apart from the list of names.
func linesAbout(text, address string) string {
	var out strings.Builder
	lower, want := strings.ToLower(text), strings.ToLower(address)
	for at, n := 0, 0; n < 10; n++ {
		next := strings.Index(lower[at:], want)
		if next < 0 || want == "" || len(lower) != len(text) {
			break
		}
		at += next
		start := strings.LastIndexByte(text[:at], '\n') + 1
		end := at + strings.IndexByte(text[at:]+"\n", '\n')
		out.WriteString(text[start:min(end, len(text))])
		out.WriteByte('\n')
		at = min(end, len(text))
	}
	return out.String()
}

func cleanAddress(a string) string {
	a = strings.Trim(a, ".'\"|=*")
	local, host, ok := strings.Cut(a, "@")
	if !ok || local == "" || !strings.Contains(host, ".") || len(a) > 254 {
		return ""
	}
	switch strings.ToLower(local) {
	case "mailer-daemon", "postmaster", "mailerdaemon", "mail-daemon", "abuse", "hostmaster", "support", "helpdesk":
		return ""
	}
	return a
}

func addressesIn(s string) (all []string) {
	for _, a := range addressForm.FindAllString(cutText(s, 64<<10), mostReturnedNames) {
		if a = strings.Trim(a, ".'\"|="); strings.Contains(a, "@") && len(a) <= 254 && !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all
}

// firstAddress prefers what stands in angle brackets: a display name may hold an address of its own.
func firstAddress(s string) string {
	if _, after, ok := strings.Cut(s, "<"); ok {
		if inside, _, ok := strings.Cut(after, ">"); ok {
			if a := strings.TrimSpace(inside); strings.Count(a, "@") >= 1 && len(a) <= 254 && !strings.ContainsAny(a, " \t\r\n") {
				return strings.TrimPrefix(a, "mailto:")
			}
		}
	}
	if all := addressesIn(s); len(all) > 0 {
		return all[0]
	}
	return ""
}

func containsAny(s string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
