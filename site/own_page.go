package site

import (
	"net/http"
	"slices"
	"time"

	"candor/audience"
	"candor/component"
	"candor/desk"
	"candor/id"
	"candor/markup"
	"candor/problem"
	"candor/promise"
	"candor/reach"
)

type ownPage struct {
	shell
	Token    string
	Hide     string // the address without the secret
	Accounts string // whose page it is
	Fault    string // what was wrong with a form
	Hits     []ownIncident
	Nothing  string
	Call     *ownCall
	Codes    []ownCode
	Services []affectedRow
	More     string // of the services, how many are not listed
	Channels []ownWay
	Hours    *ownHours
	Mobile   *ownMobile
	Tongues  []languageLink
	Manage   string
}

// An ownIncident is what is broken for the reader.
type ownIncident struct {
	Code      string
	Href      string
	Title     phrase
	Is        marked
	Span      string
	Accounts  string // which of theirs, where they have several
	Parts     []phrase
	Said      phrase
	SaidNote  string
	SaidAt    moment
	By        string
	Due       string
	Todo      string
	Known     string // that they have said that they know
	MayAnswer bool
}

// An ownCall is where somebody who asked stands, or the form to ask.
type ownCall struct {
	Waiting   string
	Place     string
	Incidents []choice
	Numbers   []choice // the last one is for the number typed below
	Typed     string
	Error     string
}

// An ownCode is what a caller from the company will say, so that nobody need fear a fraud.
type ownCode struct{ About, Code string }

type ownWay struct {
	Code, Channel, Address, State string
	Good                          bool
	Act, Button                   string
}

// ownServices is how many are listed: the broken ones first.
const ownServices = 30

// saidRoom is how much of the latest word stands here; all of it stands on the incident's page.
const saidRoom = 420

func (f *Face) ownPage(r reader, w *world, x ownFacts) ownPage {
	p := ownPage{shell: f.shell(r, w, ""), Token: x.token, Hide: r.home + "me"}
	p.Canonical, p.NoIndex = "", true
	p.Stale = r.blindness()
	p.titled(r.T("site.me"))
	p.Accounts = r.accounts(x)
	p.Status = string(component.Operational)
	for _, h := range x.hits {
		p.Hits = append(p.Hits, r.ownIncident(w, x, h))
		if h.under() {
			p.Status = string(component.WorstOf(component.Status(p.Status), h.mark()))
		}
	}
	p.Services, p.More = r.ownServices(w, x.accounts)
	for _, s := range p.Services {
		p.Status = string(component.WorstOf(component.Status(p.Status), component.Status(s.Status.Is)))
	}
	if r.isBlind() {
		p.Status = string(component.WorstOf(component.Status(p.Status), component.Unknown))
	}
	if !slices.ContainsFunc(x.hits, func(h ownHit) bool { return h.under() }) {
		p.Nothing = r.T("site.me.nothing")
	}
	p.Call, p.Codes = r.ownCall(w, x), r.ownCodes(x)
	for _, c := range x.channels {
		p.Channels = append(p.Channels, r.ownWay(c))
	}
	p.Hours, p.Mobile = r.ownHours(w, x), w.ownMobile(x.sent)
	for _, t := range w.languages() {
		p.Tongues = append(p.Tongues, languageLink{Tag: string(t), Name: t.Name(), Current: t == x.owner.Contact.Language})
	}
	if c := x.owner.Contact; c.State() == "active" {
		p.Manage = r.home + "manage/" + audience.Sign(x.secret, audience.ToManage, c.Code)
	}
	return p
}

// accounts names those the page is about.
func (r reader) accounts(x ownFacts) string {
	var names []string
	for _, c := range x.accounts {
		if name := c.Called(); name != "" {
			names = append(names, name)
		}
	}
	if rest := len(x.owner.Accounts) - len(x.accounts); rest > 0 {
		names = append(names, r.N("site.me.accounts.more", rest))
	}
	if len(names) == 0 {
		return ""
	}
	return r.T("site.me.for", "names", r.List(names))
}

func (r reader) ownIncident(w *world, x ownFacts, h ownHit) ownIncident {
	last := h.latest()
	o := ownIncident{
		Code: string(h.Code), Href: r.incidentPath(h.Code), Title: r.phrase(h.Title), Span: r.span(h.Incident),
		Is: marked{Is: string(h.mark()), Word: r.T("status.incident." + string(h.Status))}, MayAnswer: h.known.Ended == "",
	}
	if said, used := last.Body.In(r.Tag(), r.fallback); said != "" {
		tag := r.foreign(said, used)
		o.Said, o.SaidNote = phrase{Text: shortened(markup.Text(said), saidRoom), Lang: tag}, r.note(tag)
		o.SaidAt, o.By = r.clock(last.At), r.byWhom(w.people[last.Author])
	}
	if due, ok := h.due(promise.NextUpdate); ok {
		o.Due = r.T("site.due", "time", r.by(due.DueAt))
	}
	if last.Fields.Data.MustAct() {
		o.Todo = r.T("site.me.todo")
	}
	if h.known.Ended != "" {
		o.Known = r.knows(h.known)
	}
	var parts []id.Component
	var names []string
	for _, a := range h.affected {
		if c, public := w.byID[a.Component]; public && !slices.Contains(parts, a.Component) {
			parts = append(parts, a.Component)
			o.Parts = append(o.Parts, r.phrase(c.Name))
		}
		names = append(names, called(x.accounts, a.Customer))
	}
	if len(x.accounts) > 1 {
		o.Accounts = r.T("site.me.concerns", "names", r.List(names))
	}
	return o
}

func called(accounts []audience.Customer, x id.Customer) string {
	for _, c := range accounts {
		if c.ID == x {
			return c.Called()
		}
	}
	return ""
}

// knows is how they said that they know, and when.
func (r reader) knows(x reach.Affected) string {
	return r.T("site.me.known."+string(x.Ended), "time", r.clockText(x.ReachedAt))
}

// ownServices are what the accounts use now, the broken ones first; who uses nothing in particular uses everything.
func (r reader) ownServices(w *world, accounts []audience.Customer) (rows []affectedRow, more string) {
	used, everything := map[id.Component]bool{}, false
	for _, c := range accounts {
		everything = everything || len(c.Uses) == 0
		for _, u := range c.Uses {
			if u.During(r.now, r.now.Add(time.Second)) {
				used[u.Component] = true
			}
		}
	}
	var all []component.Component
	for _, c := range w.leaves {
		if everything || used[c.ID] || used[c.GroupID] {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b component.Component) int {
		switch {
		case a.Status == b.Status:
			return 0
		case a.Status.Worse(b.Status):
			return -1
		}
		return 1
	})
	for _, c := range all[:min(len(all), ownServices)] {
		status := c.Status
		if r.isBlind() {
			status = component.WorstOf(status, component.Unknown)
		}
		rows = append(rows, affectedRow{Name: r.phrase(c.Name), Status: r.status(status)})
	}
	if rest := len(all) - len(rows); rest > 0 {
		more = r.N("site.me.services.more", rest)
	}
	return rows, more
}

// ownCall is nil while nobody can be asked.
func (r reader) ownCall(w *world, x ownFacts) *ownCall {
	if x.place > 0 {
		return &ownCall{
			Waiting: r.T("site.me.call.waiting", "number", x.asked.Number.Masked(), "time", r.clockText(x.asked.At)),
			Place:   r.N("site.me.call.place", int(x.place)),
		}
	}
	if !w.calls {
		return nil
	}
	var c ownCall
	for _, h := range x.hits {
		if h.under() {
			c.Incidents = append(c.Incidents, choice{Code: string(h.Code), Name: r.phrase(h.Title), Checked: len(c.Incidents) == 0})
		}
	}
	if len(c.Incidents) == 0 {
		return nil
	}
	for _, own := range x.channels {
		if own.Address.IsPhone() {
			c.Numbers = append(c.Numbers, choice{Code: string(own.Code), Name: phrase{Text: own.Address.Masked()}, Checked: len(c.Numbers) == 0})
		}
	}
	if len(c.Numbers) > 0 {
		c.Numbers = append(c.Numbers, choice{Name: phrase{Text: r.T("site.me.call.another")}})
	}
	return &c
}

// ownCodes are shown before anybody calls, so that a caller can be held to them.
func (r reader) ownCodes(x ownFacts) (all []ownCode) {
	for _, h := range x.hits {
		if !h.under() {
			continue
		}
		for _, a := range h.affected {
			about := r.phrase(h.Title).Text
			if len(x.accounts) > 1 {
				about = called(x.accounts, a.Customer)
			}
			all = append(all, ownCode{About: about, Code: reach.CallCode(x.secret, a.Incident, a.Customer)})
		}
	}
	return all
}

func (r reader) ownWay(c desk.OwnChannel) ownWay {
	o := ownWay{Code: string(c.Code), Channel: r.T("site.me.channel." + c.Channel), Address: c.Address.Masked(), Good: c.Stop == ""}
	switch {
	case c.Stop == "":
		o.State = r.T("site.me.way.used")
	default:
		o.State = r.T("site.me.way." + string(c.Stop))
	}
	if c.MayStop {
		o.Act, o.Button = "stop", r.T("site.me.way.stop")
	}
	if c.MayResume {
		o.Act, o.Button = "resume", r.T("site.me.way.resume")
	}
	return o
}

// refuse brings a form back with what was typed.
func (p *ownPage) refuse(r *http.Request, refused *problem.Problem) {
	words := p.T(refused.Key, refused.Args...)
	if m := p.Mobile; m != nil && (refused.Field == "code" || refused.Field == "phone" && r.PostForm.Has("mobile")) {
		m.Typed = r.PostForm.Get("mobile")
		if m.Error = words; m.Sent != "" {
			m.Error, m.CodeError = "", words
		}
		return
	}
	if refused.Field != "phone" || p.Call == nil {
		p.Fault = words
		return
	}
	p.Call.Error, p.Call.Typed = words, r.PostForm.Get("phone")
	for n := range p.Call.Numbers {
		p.Call.Numbers[n].Checked = p.Call.Numbers[n].Code == r.PostForm.Get("number")
	}
	for n := range p.Call.Incidents {
		p.Call.Incidents[n].Checked = p.Call.Incidents[n].Code == r.PostForm.Get("incident")
	}
}
