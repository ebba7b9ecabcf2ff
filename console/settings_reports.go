package console

import (
	"net/http"
	"strconv"

	"candor/incident"
	"candor/problem"
	"candor/settings"
)

// A reportSettingsPage is what the company decides about reports and their actions.
type reportSettingsPage struct {
	shell
	Due         []input
	Soon, Later input
	Wait        input
	Second      bool
	Rest        []string
}

func (f *Face) showReportSettings(w http.ResponseWriter, r *http.Request) error {
	return f.renderReportSettings(w, r, http.StatusOK, nil)
}

func (f *Face) renderReportSettings(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	s, err := f.frame(r, "Reports", "", nil)
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	c := s.Company.Reports
	p := reportSettingsPage{Second: c.Second || s.typed.Has("reports.second")}
	number := func(name, legend, hint string, n int) input {
		in := s.input(name, "number", legend, hint, strconv.Itoa(n))
		in.Auto = "off"
		return in
	}
	shown := []string{"reports.soon", "reports.later", "reports.wait"}
	for _, i := range reportImpacts {
		name := "reports.due." + string(i)
		shown = append(shown, name)
		p.Due = append(p.Due, number(name, s.ImpactWord(i), "Working days. 0: not by itself", c.DueDays(i)))
	}
	p.Soon = number("reports.soon", "After what hit hard", "Weeks", c.Weeks(true))
	p.Later = number("reports.later", "After anything else", "Weeks", c.Weeks(false))
	p.Wait = number("reports.wait", "Until somebody looks whether it works", "Days", int(c.Waiting().Hours()/24))
	p.shell, p.Rest = s, s.Elsewhere(shown...)
	return f.render(w, status, "settings-reports", p)
}

// reportImpacts are those that a report may be promised for by itself.
var reportImpacts = [...]incident.Impact{incident.ImpactCritical, incident.ImpactMajor, incident.ImpactMinor, incident.ImpactNone}

func (f *Face) postReportSettings(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	chosen := s.Company
	chosen.Reports = settings.Reports{
		Due: map[incident.Impact]int{}, Soon: in.whole("reports.soon"), Later: in.whole("reports.later"), Wait: in.whole("reports.wait"),
		Second: in.checked("reports.second"),
	}
	for _, i := range reportImpacts {
		chosen.Reports.Due[i] = in.whole("reports.due." + string(i))
	}
	err = f.keepSettings(r, in, chosen)
	if refusals := ofForm(err); refusals != nil {
		return f.renderReportSettings(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/settings/reports?done=kept")
}
