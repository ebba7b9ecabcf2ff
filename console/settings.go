package console

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"candor/incident"
	"candor/lang"
	"candor/playbook"
	"candor/problem"
	"candor/reach"
	"candor/settings"
	"candor/store"
)

// A settingsPage is what the company chose.
type settingsPage struct {
	shell
	CompanyName, Site, Support                     input
	MailURL, From, FromName, ReplyTo, ReturnDomain input
	Connections, DKIMSelector, Remind              input
	Zones                                          zones
	OnCall, Default, CallRequests                  choice
	Languages                                      []option
	Cadence, Usual                                 []cadenceRow
	Sources                                        []playbook.CadenceSource
	Templates                                      []purposeRow
	Approval                                       approvalView
	Test                                           *testResult
	Published                                      bool
}

type cadenceRow struct {
	Impact incident.Impact
	Cells  []cadenceCell
}

type cadenceCell struct{ Name, Value, Label string }

// A testResult says how the last test mail ended: the class of it, never what a server answered (V16).
type testResult struct {
	Good bool
	Said string
}

func (f *Face) showSettings(w http.ResponseWriter, r *http.Request) error {
	return f.renderSettings(w, r, http.StatusOK, nil, nil)
}

func (f *Face) renderSettings(w http.ResponseWriter, r *http.Request, status int, form *settings.Settings, faults problem.List) error {
	var p settingsPage
	s, err := f.frame(r, "Settings", "", func(ctx context.Context, tx *store.Tx, s *shell) (err error) {
		p.Test, err = lastTest(ctx, tx, *s)
		return err
	})
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	shown := s.Company.Masked()
	if form != nil {
		shown = form.Masked()
	}
	p.view(s, shown)
	p.shell = s
	if faults != nil && s.typed.Has("version") { // a conflict must not be overcome by sending the same form again
		p.Version, _ = strconv.ParseInt(s.typed.Get("version"), 10, 64)
	}
	return f.render(w, status, "settings", p)
}

func (p *settingsPage) view(s shell, c settings.Settings) {
	p.CompanyName = s.input("company", "text", "Name", "Over the page and in every mail", c.Company)
	p.Site = s.input("site", "url", "Your own site", "Linked from the page", c.Site)
	p.Support = s.input("support", "text", "Support", "A mail address or phone, in the footer", c.Support)
	p.MailURL = s.input("mail.url", "text", "Mail server", "smtp://user:password@host:587. Empty: the outbox", c.Mail.URL)
	p.From = s.input("mail.from", "email", "From", "Address the letters come from", c.Mail.From)
	p.FromName = s.input("mail.from_name", "text", "From, name", "", c.Mail.FromName)
	p.ReplyTo = s.input("mail.reply_to", "email", "Answers go to", "", c.Mail.ReplyTo)
	p.ReturnDomain = s.input("mail.return_domain", "text", "Bounces come back to", "A domain of yours", c.Mail.ReturnDomain)
	p.Connections = s.input("mail.connections", "number", "Connections", "At once, to that server. While slow domains hold some of them, up to twice as many", strconv.Itoa(c.Mail.Connections))
	p.DKIMSelector = s.input("mail.dkim_selector", "text", "DKIM selector", "The name of the key in your DNS", c.Mail.DKIMSelector)
	p.Remind = s.input("remind", "text", "Remind of planned work before", "Hours, such as 24, 1", hours(c.Remind))
	p.Zones = s.zones(c.Zone)
	p.OnCall = peopleChoice(s, "on_call", "On call, shown on calm days", s.everybody(), c.OnCall)
	p.OnCall.Options = append([]option{{Word: "Nobody is named", Chosen: c.OnCall == ""}}, p.OnCall.Options...)
	p.CallRequests = askingChoice(s, c.CallRequests)
	p.Default = languageChoice(s, "default", "Default language", lang.All(), c.Default())
	p.Languages, p.Published = languageOptions(c.Languages), c.Published
	p.Cadence, p.Usual, p.Sources = s.cadence(c.Cadence), shell{}.cadence(settings.Defaults().Cadence), playbook.CadenceSources
	p.Templates = templateRows(s.Company)
	p.Approval = viewApproval(s, c.Approval)
}

func languageOptions(chosen []lang.Tag) (all []option) {
	for _, tag := range lang.All() {
		all = append(all, option{Value: string(tag), Word: tag.Name(), Chosen: slices.Contains(chosen, tag)})
	}
	return all
}

func (s shell) cadence(c settings.Cadence) (rows []cadenceRow) {
	for _, impact := range slices.Backward(incident.Impacts[:]) {
		row := cadenceRow{Impact: impact}
		phases := [...]time.Duration{c[impact].Investigating, c[impact].Identified, c[impact].Monitoring}
		for n, status := range cadencePhases {
			name := "cadence." + string(impact) + "." + string(status)
			value := strconv.Itoa(int(phases[n] / time.Minute))
			if s.typed.Has(name) {
				value = s.typed.Get(name)
			}
			row.Cells = append(row.Cells, cadenceCell{name, value, s.ImpactWord(impact) + ", " + s.StatusWord(status)})
		}
		rows = append(rows, row)
	}
	return rows
}

var cadencePhases = [...]incident.Status{incident.Investigating, incident.Identified, incident.Monitoring}

func hours(all []time.Duration) string {
	said := make([]string, len(all))
	for n, d := range all {
		said[n] = strconv.FormatFloat(d.Hours(), 'f', -1, 64)
	}
	return strings.Join(said, ", ")
}

func (f *Face) postSettings(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	chosen := chooseSettings(in, s.Company)
	version, _ := strconv.ParseInt(in.text("version"), 10, 64)
	if err = in.faults.Err(); err == nil {
		err = f.desk.SaveSettings(r.Context(), chosen, version)
	}
	if refusals := ofForm(err); refusals != nil {
		return f.renderSettings(w, r, http.StatusUnprocessableEntity, &chosen, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/settings?done=kept")
}

// chooseSettings is what the form decides, over what it does not ask for.
func chooseSettings(in *form, c settings.Settings) settings.Settings {
	c.Company, c.Zone, c.Site, c.Support, c.OnCall = in.text("company"), in.text("zone"), in.text("site"), in.text("support"), in.text("on_call")
	c.Published = in.checked("published")
	c.CallRequests = settings.Asking(in.text("call_requests"))
	c.Languages = chooseLanguages(in.all("language[]"), lang.Tag(in.text("default")))
	c.Mail.URL, c.Mail.From, c.Mail.FromName = in.text("mail.url"), in.text("mail.from"), in.text("mail.from_name")
	c.Mail.ReplyTo, c.Mail.ReturnDomain = in.text("mail.reply_to"), in.text("mail.return_domain")
	c.Mail.Connections, c.Mail.DKIMSelector = in.whole("mail.connections"), in.text("mail.dkim_selector")
	if key := strings.TrimSpace(lines(in.r.PostFormValue("mail.dkim_key"))); key != "" {
		c.Mail.DKIMKey = key
	}
	c.Cadence = settings.Cadence{}
	for _, impact := range incident.Impacts {
		minutes := func(status incident.Status) time.Duration {
			return time.Duration(in.whole("cadence."+string(impact)+"."+string(status))) * time.Minute
		}
		c.Cadence[impact] = settings.Phases{
			Investigating: minutes(incident.Investigating), Identified: minutes(incident.Identified), Monitoring: minutes(incident.Monitoring),
		}
	}
	c.Approval = chooseApproval(in, c.Approval)
	c.Remind = nil
	for _, typed := range strings.FieldsFunc(in.text("remind"), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		n, err := strconv.ParseFloat(typed, 64)
		if err != nil {
			in.faults.Add(problem.Field("remind", "problem.number", "typed", typed))
			continue
		}
		c.Remind = append(c.Remind, time.Duration(n*float64(time.Hour)))
	}
	return c
}

// chooseLanguages puts the default first.
func chooseLanguages(ticked []string, first lang.Tag) (all []lang.Tag) {
	for _, tag := range lang.All() {
		if slices.Contains(ticked, string(tag)) {
			all = append(all, tag)
		}
	}
	if n := slices.Index(all, first); n > 0 {
		all = append([]lang.Tag{first}, slices.Delete(all, n, n+1)...)
	}
	return all
}

func (f *Face) postLogo(w http.ResponseWriter, r *http.Request) error {
	raw, err := typed(r, nil).file("logo")
	if err == nil {
		err = f.desk.SaveLogo(r.Context(), raw)
	}
	if refusals := ofForm(err); refusals != nil {
		return f.renderSettings(w, r, http.StatusUnprocessableEntity, nil, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/settings?done=kept#logo")
}

func (f *Face) postTestMail(w http.ResponseWriter, r *http.Request) error {
	if _, err := f.desk.SendTest(r.Context()); err != nil {
		return err
	}
	return back(w, r, "/console/settings?done=test#test")
}

// lastTest is how the acting person's newest test mail stands.
func lastTest(ctx context.Context, tx *store.Tx, s shell) (*testResult, error) {
	d, err := mine(ctx, tx, s)
	if d.ID == "" || err != nil {
		return nil, err
	}
	switch {
	case d.State == reach.Accepted || d.State == reach.Delivered || d.State == reach.Acknowledged:
		return &testResult{true, "The mail server took the test of " + s.Clock(d.UpdatedAt).Said + "."}, nil
	case d.State == reach.Suppressed:
		return &testResult{false, "The test of " + s.Clock(d.UpdatedAt).Said + " is in the outbox: no mail server is set."}, nil
	case !d.State.Final():
		return &testResult{false, "The test of " + s.Clock(d.PlannedAt).Said + " is on its way. Load this page again." + reasonOf(s, d.Reason)}, nil
	}
	return &testResult{false, "The test of " + s.Clock(d.UpdatedAt).Said + " failed." + reasonOf(s, d.Reason)}, nil
}

// mine is the delivery of the acting person's newest test letter; the zero Delivery while there is none.
func mine(ctx context.Context, tx *store.Tx, s shell) (d reach.Delivery, err error) {
	tests, err := tx.Announcements.Tests(ctx)
	for _, a := range tests {
		if a.Target.Person == s.Actor.Person.ID {
			all, err := tx.Deliveries.Page(ctx, a.ID, "", "", 1)
			if len(all) == 1 {
				d = all[0]
			}
			return d, err
		}
	}
	return d, err
}

// reasonOf is the class of a failure as a sentence of its own.
func reasonOf(s shell, reason string) string {
	if reason == "" {
		return ""
	}
	return " Why: " + reasonWord(s, reason) + "."
}
