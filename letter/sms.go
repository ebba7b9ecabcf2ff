package letter

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"candor/incident"
	"candor/lang"
	"candor/markup"
)

// mostParts is what a text may cost at most, where what must be said allows it. Two parts hold who speaks, what is out, when the next word
// comes and where all of it stands; what is longer is read on the page.
const mostParts = 2

// texted writes a text message: who speaks comes first, a link on the company's own domain last, and opening it does nothing, whatever token
// stands in it. compose is given as much of the words as fit. Where only accents make the text too long they go before words do:
// they more than halve what a part holds, and who reads Spanish reads "interrupcion".
func texted(words string, compose func(words string) string) string {
	write := func(words string) string {
		return plainly.Replace(cutMarks.Replace(oneLine(compose(words))))
	}
	words = unstopped(plainly.Replace(oneLine(words)))
	whole := write(words)
	if bare := unaccented(whole); len(InSegments(whole).Parts) > mostParts && encodingOf(bare) == GSM7 {
		return shorten(words, mostParts, func(words string) string { return unaccented(write(words)) })
	}
	return shorten(words, mostParts, write)
}

// cutMarks are the mark of a cut with the full stop behind it.
var cutMarks = strings.NewReplacer("….", "…", "…。", "…")

// unaccented leaves the accents that GSM-7 has.
func unaccented(text string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(text) {
		if encodingOf(string(r)) == GSM7 {
			b.WriteRune(r)
			continue
		}
		for _, base := range norm.NFD.String(string(r)) {
			if !unicode.Is(unicode.Mn, base) {
				b.WriteRune(base)
			}
		}
	}
	return b.String()
}

// textUpdate is an update as a text message. What customers must do comes before what is broken.
func (d Desk) textUpdate(n News) string {
	w, i, u := d.words(), n.Incident, n.Update
	title, _ := d.free(i.Title)
	link := d.textLink(n)
	steps, _ := u.Fields.Data.Steps.In(d.Language, d.Fallback)
	switch {
	case u.Fields.Data.State == incident.SafetyAffected && steps != "":
		return d.dressed(n, markup.Text(steps), func(words string) string {
			return w.T("sms.act", "company", d.Company, "steps", words, "link", link)
		})
	case u.NextBy.IsZero():
		return d.dressed(n, title, func(words string) string {
			return w.T("sms.said", "company", d.Company, "label", d.label(i, u), "title", words, "link", link)
		})
	}
	return d.dressed(n, title, func(words string) string {
		return w.T("sms.said.next", "company", d.Company, "label", d.label(i, u), "title", words, "time", d.clock(u.NextBy, u.At), "link", link)
	})
}

// textCorrection puts the wrong word right.
func (d Desk) textCorrection(n News, r incident.Revision) string {
	now, _ := d.free(r.Now)
	return d.dressed(n, markup.Text(now), func(words string) string {
		return d.words().T("sms.correction", "company", d.Company, "words", words, "link", d.textLink(n))
	})
}

// textUpcoming reminds of a maintenance.
func (d Desk) textUpcoming(n News) string {
	w := d.words()
	title, _ := d.free(n.Incident.Title)
	return d.dressed(n, title, func(words string) string {
		return w.T("sms.upcoming", "company", d.Company, "when", w.DateTime(n.Incident.Window.From, d.Zone), "title", words, "link", d.textLink(n))
	})
}

// dressed says that a rehearsal is one, and in an incident's first text how to end them, if an answer would come back to us.
func (d Desk) dressed(n News, words string, compose func(string) string) string {
	w := d.words()
	return texted(words, func(words string) string {
		text := compose(words)
		switch {
		case n.Incident.Visibility == incident.Rehearsal:
			return w.T("sms.rehearsal", "text", text)
		case d.TwoWay && n.Update.Number <= 1:
			return w.T("sms.stop", "text", text)
		}
		return text
	})
}

// textNote is a letter to one person in a line: its subject and where its button leads, which is a page and not an act.
func (s sheet) textNote() string {
	link := ""
	if s.Button != nil {
		link = s.Button.URL
	}
	return strings.TrimSpace(texted(s.Subject, func(words string) string {
		return lang.For(s.Language).T("sms.note", "company", s.Masthead, "words", words, "link", link)
	}))
}

// textLink leads a customer to their own page, where they can say that they know, and everybody else to the incident's.
func (d Desk) textLink(n News) string {
	if n.Customer {
		return d.page("/me/" + PageSlot)
	}
	return d.page("/incidents/" + string(n.Incident.Code))
}

// clock is a time of today, or a day with its time.
func (d Desk) clock(t, now time.Time) string {
	w := d.words()
	if t.Sub(now) >= 20*time.Hour {
		return w.DateTime(t, d.Zone)
	}
	return w.T("_zoned", "time", w.Time(t, d.Zone), "zone", w.Zone(t, d.Zone))
}

// Code is a text that proves a number is theirs.
func (d Desk) Code(code string) Letter {
	l := d.answer("sms.code", "code", code)
	l.Subject = d.words().T("sms.code.subject", "company", d.Company)
	return l
}

// Stopped confirms, once, that a number gets nothing more.
func (d Desk) Stopped() Letter { return d.answer("sms.stopped") }

// Started confirms that a number gets texts again.
func (d Desk) Started() Letter { return d.answer("sms.started") }

// Help answers HELP with who writes, why, and where people help.
func (d Desk) Help(where string) Letter {
	if where == "" {
		where = d.page("/")
	}
	return d.answer("sms.help", "help", where)
}

// answer is a letter that is only a text message.
func (d Desk) answer(key string, args ...any) Letter {
	text := plainly.Replace(oneLine(d.words().T(key, append([]any{"company", d.Company}, args...)...)))
	return Letter{Subject: d.Company, Text: text, SMS: text}
}
