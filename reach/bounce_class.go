package reach

import (
	"regexp"
	"strconv"
	"strings"
)

// A statement is what a report says of one recipient.
type statement struct {
	code   int    // 550
	status string // the report's own code
	detail string // the code inside of what the next server said, mostly the sharper one
	text   string
	final  bool // the server has given up
}

var (
	enhancedForm = regexp.MustCompile(`(?:^|[^0-9.\w])([245]\.[0-7]\.[0-9]{1,3})(?:\.?[^0-9.]|\.?$)`)
	codeForm     = regexp.MustCompile(`(?m)(?:^|[^0-9.\w@/])([45][0-5][0-9])(?:[ -]+(?:[45]\.\d\.\d+|[\pL#<("'\[])|\s*$|[;,:)\]]| -)`)
)

// enhancedIn is the first enhanced code of a text.
func enhancedIn(s string) string {
	if m := enhancedForm.FindStringSubmatch(cutText(s, 8<<10)); m != nil {
		return m[1]
	}
	return ""
}

// codesIn is what a server answered, as the text quotes it: the first code that names something, 0 and "" if there is none.
func codesIn(text string) (code int, enhanced string) {
	text = cutText(text, mostTextSize)
	for _, m := range enhancedForm.FindAllStringSubmatch(text, 20) {
		if m[1][0] == '2' {
			continue
		}
		if _, generic := detail(enhanced); enhanced == "" || generic {
			enhanced = m[1]
		}
	}
	for _, m := range codeForm.FindAllStringSubmatch(text, 20) {
		n, _ := strconv.Atoi(m[1])
		if _, known := byCode[n]; known {
			return n, enhanced
		}
	}
	return 0, enhanced
}

// best is the code that says most: the report's, unless that says no more than that something went wrong.
func (s statement) best() string {
	if s.status == "" {
		return s.detail
	}
	if _, generic := detail(s.status); generic && s.detail != "" {
		return s.detail
	}
	// A queue that gave up says 4.4.7 of everything; what it heard last is the reason.
	if strings.HasSuffix(s.status, ".4.7") && strings.HasPrefix(s.detail, "5.") {
		return s.detail
	}
	return s.status
}

// judge finds the class. context is the rest of what people read, asked where the statement itself says nothing.
func (s statement) judge(context string) (class BounceClass, status, reason string) {
	status = s.best()
	text := plainWords(s.text)
	if status == "" && s.code > 0 {
		defer func() {
			if status == "" {
				status = strconv.Itoa(s.code)
			}
		}()
	}
	if class, reason := s.verdict(status, text); reason != ReasonUnspecified {
		return class, status, reason
	}
	if context != "" {
		wider := s
		if wider.code == 0 && status == "" {
			wider.code, wider.detail = codesIn(context)
			if status = wider.best(); status == "" && wider.code > 0 {
				status = strconv.Itoa(wider.code)
			}
		}
		enhanced := status
		if !strings.Contains(enhanced, ".") {
			enhanced = ""
		}
		if class, reason := wider.verdict(enhanced, plainWords(context)); reason != ReasonUnspecified {
			return class, status, reason
		}
	}
	switch {
	case strings.HasPrefix(status, "5") || s.code >= 500: // for good, and nobody says why
		return BounceHard, status, ReasonUnspecified
	case strings.HasPrefix(status, "4") || s.code >= 400:
		return BounceSoft, status, ReasonDelayed
	}
	return BounceUnknown, status, ReasonNoReason
}

// verdict weighs code and words. Words that mean one thing only beat the code: servers say 5.1.1 of a full mailbox and 5.7.1 of nobody.
func (s statement) verdict(enhanced, text string) (BounceClass, string) {
	later := strings.HasPrefix(enhanced, "4") || enhanced == "" && s.code/100 == 4
	// Who heard "user unknown" for days under a code that asks to come again has heard it often enough.
	mayYet := later && (!s.final || containsAny(text, []string{"unverified", "try again", "temporar", "try later"}))
	for _, w := range decided {
		for _, p := range w.parts {
			if strings.Contains(text, p) {
				class := classOf(w.outcome, w.reason)
				if mayYet && class == BounceHard {
					class = BounceSoft
				}
				return class, w.reason
			}
		}
	}
	if enhanced == "" && s.code == 0 {
		return s.byProse(text)
	}
	_, generic := detail(enhanced)
	if generic && s.code == 0 || generic && (s.code == 550 || s.code == 554 || s.code == 450 || s.code == 451) {
		if class, reason := s.byProse(text); reason != ReasonUnspecified {
			if mayYet && class == BounceHard {
				class = BounceSoft
			}
			return class, reason
		}
	}
	outcome, reason := Classify(s.code, enhanced, text)
	if s.code == 0 || later != (s.code/100 == 4) {
		outcome, reason = Classify(0, enhanced, text)
		if enhanced == "" {
			outcome, reason = Classify(s.code, "", text)
		}
	}
	if outcome == Taken {
		return BounceUnknown, ReasonUnspecified
	}
	return classOf(outcome, reason), reason
}

// byProse judges words without a code.
func (s statement) byProse(text string) (BounceClass, string) {
	for _, w := range prose {
		for _, p := range w.parts {
			if strings.Contains(text, p) {
				return classOf(w.outcome, w.reason), w.reason
			}
		}
	}
	outcome, reason := verdict(0, "", text)
	return classOf(outcome, reason), reason
}

// classOf is what an outcome of sending would have been as a bounce.
func classOf(o Outcome, reason string) BounceClass {
	switch {
	case o == Permanent && reason == ReasonLoop:
		return BounceSoft // somebody's forwarding runs in circles; the mailbox may well exist
	case o == Permanent:
		return BounceHard
	case o == Temporary:
		return BounceSoft
	case reason == ReasonReceiverFault, reason == ReasonTooLarge, reason == ReasonProtocol:
		return BounceSoft // neither for good nor for what we are
	case reason == ReasonUnspecified:
		return BounceHard
	}
	return BouncePolicy
}

var linkForm = regexp.MustCompile(`https?://\S+`)

// plainWords is a text on one line, lower case, without addresses and links: an address like spam@full.example says nothing.
func plainWords(text string) string {
	text = addressForm.ReplaceAllString(cutText(text, mostTextSize), " ")
	text = linkForm.ReplaceAllString(text, " ")
	return strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(text, "’", "'"))), " ")
}
