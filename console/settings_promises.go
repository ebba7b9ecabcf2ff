package console

import (
	"net/http"
	"slices"
	"strings"

	"candor/problem"
	"candor/promise"
	"candor/settings"
)

// A promisesPage is what the company decides about its record of promises and its legal clocks.
type promisesPage struct {
	shell
	Withheld    bool
	Regimes     []option
	RegimeFault fault
	Region      choice
	Free        textArea
	Clocks      textArea
	Rest        []string
}

// A textArea is a field of several lines.
type textArea struct {
	Name, Value string
	Fault       fault
}

func (f *Face) showPromiseSettings(w http.ResponseWriter, r *http.Request) error {
	return f.renderPromiseSettings(w, r, http.StatusOK, nil, nil)
}

func (f *Face) renderPromiseSettings(w http.ResponseWriter, r *http.Request, status int, chosen *settings.Promises, faults problem.List) error {
	s, err := f.frame(r, "Promises", "", nil)
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	c := s.Company.Promises
	if chosen != nil {
		c = *chosen
	}
	p := promisesPage{Withheld: c.Withheld, RegimeFault: s.Err("promises.regimes")}
	if err := p.offer(s, c); err != nil {
		return err
	}
	days := make([]string, len(c.Free))
	for n, day := range c.Free {
		days[n] = day.String()
	}
	p.Free = s.textArea("promises.free", strings.Join(days, "\n"))
	p.Clocks = s.textArea("promises.clocks", c.Clocks)
	p.shell, p.Rest = s, s.Elsewhere("promises.regimes", "promises.region", "promises.free", "promises.clocks")
	return f.render(w, status, "promises", p)
}

func (s shell) textArea(name, value string) textArea {
	if s.typed.Has(name) {
		value = s.typed.Get(name)
	}
	return textArea{name, value, s.Err(name)}
}

// offer lists the regimes of the house and the company's own, and the regions whose working days are known.
func (p *promisesPage) offer(s shell, c settings.Promises) error {
	own := s.Company
	own.Promises.Regimes = nil
	clocks, err := own.LegalClocks()
	if err != nil {
		return err
	}
	for _, clock := range clocks {
		if !slices.ContainsFunc(p.Regimes, func(o option) bool { return o.Value == string(clock.Family) }) {
			p.Regimes = append(p.Regimes, option{Value: string(clock.Family), Word: clock.Regime, Chosen: slices.Contains(c.Regimes, clock.Family)})
		}
	}
	regions, err := promise.Calendars()
	p.Region = choice{Name: "promises.region", Legend: "Working days", Hint: "Where a law does not say whose", Fault: s.Err("promises.region")}
	p.Region.Options = []option{{Word: "Monday to Friday", Chosen: c.Region == ""}}
	for _, region := range regions {
		p.Region.Options = append(p.Region.Options, option{Value: region.Region, Word: region.About, Chosen: region.Region == c.Region})
	}
	return err
}

func (f *Face) postPromiseSettings(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	chosen := s.Company
	chosen.Promises = settings.Promises{
		Withheld: in.checked("promises.withheld"), Region: in.text("promises.region"), Clocks: strings.TrimSpace(lines(in.text("promises.clocks"))),
	}
	for _, regime := range in.all("promises.regimes[]") {
		chosen.Promises.Regimes = append(chosen.Promises.Regimes, promise.Regime(regime))
	}
	days, wrong, ok := settings.ParseDays(in.text("promises.free"))
	if chosen.Promises.Free = days; !ok {
		in.faults.Add(problem.Field("promises.free", "problem.legal.day", "typed", wrong))
	}
	err = f.keepSettings(r, in, chosen)
	if refusals := ofForm(err); refusals != nil {
		return f.renderPromiseSettings(w, r, http.StatusUnprocessableEntity, &chosen.Promises, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/settings/promises?done=kept")
}
