package reach

import (
	"regexp"
	"strings"

	"candor/audience"
)

// statuses reads the delivery reports of RFC 3464, one recipient per group of fields.
func (e *evidence) statuses() (all []Returned) {
	seen := map[audience.Address]bool{}
	context := cutText(strings.Join(e.texts, "\n"), mostContext)
	for _, report := range e.status {
		for _, g := range reportGroups(report) {
			r, failed := e.group(g, context)
			if !failed {
				e.succeeded = true
				continue
			}
			if !seen[r.Address] && len(all) < mostReturnedNames {
				seen[r.Address] = true
				all = append(all, r)
			}
			if len(all) >= mostWithContext {
				context = ""
			}
		}
	}
	if len(e.status) > 0 && len(all) == 0 && !e.succeeded { // a report that lost its fields
		return e.notice()
	}
	return all
}

// reportGroups are the groups of fields that name a recipient. Servers leave blank lines where none belong and none where they do, so a
// group without a name belongs to the one before it, and a second name begins another.
func reportGroups(report string) (groups []mailHeader) {
	var last mailHeader
	for _, block := range strings.Split(report, "\n\n") {
		h := mailHeader{}
		name := ""
		for _, line := range strings.Split(block, "\n") {
			field, value, ok := fieldOf([]byte(line))
			switch {
			case strings.TrimSpace(line) == "":
			case (line[0] == ' ' || line[0] == '\t') && name != "":
				v := h[name]
				v[len(v)-1] = joinFolded(v[len(v)-1], strings.TrimSpace(line))
			case ok:
				if len(h["final-recipient"]) > 0 && (field == "final-recipient" || field == "original-recipient") && len(groups) < mostReturnedNames {
					groups, last = append(groups, h), h
					h = mailHeader{}
				}
				name = field
				h[name] = append(h[name], value)
			}
		}
		switch {
		case h.names() != "":
			if len(groups) < mostReturnedNames {
				groups, last = append(groups, h), h
			}
		case last != nil:
			for field, v := range h {
				last[field] = append(last[field], v...)
			}
		case h.first("action") != "" || h.first("status") != "" && h.first("diagnostic-code") != "":
			groups, last = append(groups, h), h
		}
	}
	return groups
}

// names is whom a group is about, as far as it is an address.
func (h mailHeader) names() string {
	found := ""
	for _, field := range []string{"final-recipient", "original-recipient", "x-actual-recipient", "x-original-recipient", "final-log-id-recipient"} {
		value := h.text(field)
		if value == "" {
			continue
		}
		if _, after, ok := strings.Cut(value, ";"); ok {
			value = after
		}
		if a := firstAddress(unxtext(value)); a != "" {
			return a
		}
		found = "?"
	}
	return found
}

var xtext = regexp.MustCompile(`\+[0-9A-F]{2}`)

// unxtext undoes the encoding of an original recipient (RFC 3461 §4).
func unxtext(s string) string {
	return xtext.ReplaceAllStringFunc(s, func(m string) string {
		if c := hexDigit(m[1])<<4 | hexDigit(m[2]); c > ' ' && c < 0x7f {
			return string(rune(c))
		}
		return m
	})
}

// group is what one group says; failed is false where the mail has arrived or went on.
func (e *evidence) group(g mailHeader, context string) (r Returned, failed bool) {
	address := g.names()
	if address == "" || address == "?" {
		address = e.only()
	}
	r.Address = audience.Address(address)
	status := enhancedIn(g.first("status"))
	action, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(g.first("action"))), " ")
	action = strings.Trim(action, ";:,.()")
	switch {
	case strings.HasPrefix(action, "deliver"), action == "relayed", action == "expanded", action == "relay", action == "success":
		return r, false
	case action == "" && strings.HasPrefix(strings.TrimSpace(g.first("status")), "2"):
		return r, false
	}
	said := statement{status: status, text: strings.Join(diagnosticFields(g), " ")}
	said.code, said.detail = codesIn(said.text)
	said.final = strings.HasPrefix(action, "fail")
	r.Class, r.Status, r.Reason = said.judge(context)
	if strings.HasPrefix(action, "delay") {
		r.Class = BounceSoft
		if r.Reason == ReasonNoReason {
			r.Reason = ReasonDelayed
		}
	}
	return r, true
}

func diagnosticFields(g mailHeader) (all []string) {
	for _, field := range []string{"diagnostic-code", "x-supplementary-info", "x-notes", "x-diagnostic-code", "x-smtp-reply", "x-error", "x-failure-reason", "x-mail-error", "x-display-reason", "reason"} {
		for _, v := range g[field] {
			v = decodeHeader(v)
			if kind, after, ok := strings.Cut(v, ";"); ok && len(kind) < 24 && !strings.ContainsAny(strings.TrimSpace(kind), " <") {
				v = after
			}
			all = append(all, strings.TrimSpace(v))
		}
	}
	return all
}

// only is the one whom the returned letter was for, or whom the failure names, if there is just one.
func (e *evidence) only() string {
	for _, list := range [][]string{addressesIn(e.top.header.text("x-failed-recipients")), e.intended()} {
		if len(list) > 0 {
			return list[0]
		}
	}
	names, _ := e.named()
	if len(names) > 0 {
		return names[0].address
	}
	return ""
}

// complaints reads feedback reports (RFC 5965), and the notes Hotmail writes instead.
func (e *evidence) complaints() (all []Returned) {
	for _, report := range e.feedback {
		h, _ := readHeader([]byte(strings.TrimLeft(report, "\n")))
		class, reason := BounceComplaint, ReasonComplained
		switch strings.ToLower(strings.TrimSpace(h.first("feedback-type"))) {
		case "auth-failure", "auth_failure", "dmarc": // about our signatures; nobody complained (RFC 6591)
			class, reason = BouncePolicy, ReasonUnproven
		case "not-spam": // somebody took it out of the junk
			class, reason = BounceUnknown, ReasonNoReason
		}
		var names []string
		for _, field := range []string{"original-rcpt-to", "removal-recipient", "x-hmxmroriginalrecipient", "original-recipient"} {
			for _, v := range h[field] {
				names = append(names, addressesIn(v)...)
			}
			if len(names) > 0 {
				break
			}
		}
		all = append(all, e.complained(names, class, reason)...)
	}
	if len(all) > 0 {
		return all
	}
	subject := strings.ToLower(e.top.header.text("subject"))
	for _, m := range e.originals {
		if a := addressesIn(m.header.first("x-hmxmroriginalrecipient")); len(a) > 0 {
			return e.complained(a, BounceComplaint, ReasonComplained)
		}
	}
	if strings.HasPrefix(subject, "complaint about message from") || strings.Contains(strings.ToLower(e.top.header.first("content-type")), "feedback-report") {
		return e.complained(nil, BounceComplaint, ReasonComplained)
	}
	return nil
}

func (e *evidence) complained(names []string, class BounceClass, reason string) (all []Returned) {
	if len(names) == 0 {
		names = e.intended()
		names = names[:min(len(names), 1)]
	}
	if len(names) == 0 {
		names = []string{""}
	}
	for _, a := range names[:min(len(names), mostReturnedNames)] {
		all = append(all, Returned{Address: audience.Address(a), Class: class, Reason: reason})
	}
	return all
}
