package console

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"candor/audience"
	"candor/money"
	"candor/problem"
	"candor/settings"
)

// A reachingPage is how customers are reached: the ladders, what they may cost, how fast words leave.
type reachingPage struct {
	shell
	Ladders        []ladderLink
	Money          string
	Hours          input
	Rates          []input
	PublicCoverage choice
	Rest           []string
}

type ladderLink struct {
	situation
	Edited bool
}

var publicityWords = map[settings.Publicity]string{
	settings.CoverageHidden: "Nothing", settings.CoverageShares: "The share", settings.CoverageCounts: "The numbers",
}

// paced are the channels whose pace the company may hold down; text messages have one for each provider.
var paced = [...]string{audience.Email, audience.Push, audience.Webhook, audience.Chat}

func (f *Face) showReaching(w http.ResponseWriter, r *http.Request) error {
	return f.renderReaching(w, r, http.StatusOK, nil, nil)
}

func (f *Face) renderReaching(w http.ResponseWriter, r *http.Request, status int, chosen *settings.Settings, faults problem.List) error {
	s, err := f.frame(r, "Reaching customers", "", nil)
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	var p reachingPage
	c := s.Company
	if chosen != nil {
		c = *chosen
	}
	for _, at := range laddered {
		_, edited := s.Company.Ladders[at.ladderName()]
		p.Ladders = append(p.Ladders, ladderLink{at, edited})
	}
	p.Money = moneyLines(c.Budget.Money)
	if s.typed.Has("budget.money") {
		p.Money = s.typed.Get("budget.money")
	}
	p.Hours = s.input("budget.hours", "text", "Hours of agents on the telephone", "0: no limit", strconv.Itoa(c.Budget.Hours))
	shown := []string{"budget.money", "budget.currency", "budget.hours", "public_coverage", "rates"}
	for _, channel := range paced {
		name, value := "rates."+channel, ""
		if n := c.Rates[channel]; n > 0 {
			value = strconv.Itoa(n)
		}
		shown = append(shown, name)
		p.Rates = append(p.Rates, s.input(name, "text", rungWord(channel), "A second. Empty: as fast as receivers take them", value))
	}
	p.PublicCoverage = choice{
		Name: "public_coverage", Legend: "What the page says about how many were reached", Fault: s.Err("public_coverage"),
	}
	for _, x := range settings.Publicities {
		p.PublicCoverage.Options = append(p.PublicCoverage.Options, option{Value: string(x), Word: publicityWords[x], Chosen: x == c.PublicCoverage})
	}
	p.shell, p.Rest = s, s.Elsewhere(shown...)
	return f.render(w, status, "reaching", p)
}

// moneyLines writes amounts one per line.
func moneyLines(byCurrency map[string]int64) string {
	var lines []string
	for _, currency := range slices.Sorted(maps.Keys(byCurrency)) {
		lines = append(lines, money.Amount{Minor: byCurrency[currency], Currency: currency}.String())
	}
	return strings.Join(lines, "\n")
}

func (f *Face) postReaching(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	chosen := s.Company
	chosen.Budget = settings.Budget{Hours: in.whole("budget.hours")}
	for _, line := range splitLines(in.text("budget.money")) {
		amount, currency, _ := cutLast(line)
		a, err := money.Parse(amount, currency)
		if err != nil {
			in.faults.Add(problem.Field("budget.money", "problem.budget.money"))
			continue
		}
		if chosen.Budget.Money == nil {
			chosen.Budget.Money = map[string]int64{}
		}
		chosen.Budget.Money[a.Currency] = a.Minor
	}
	chosen.Rates = settings.Rates{}
	for _, channel := range paced {
		if in.text("rates."+channel) != "" {
			chosen.Rates[channel] = in.whole("rates." + channel)
		}
	}
	chosen.PublicCoverage = settings.Publicity(in.text("public_coverage"))
	err = f.keepSettings(r, in, chosen)
	if refusals := ofForm(err); refusals != nil {
		return f.renderReaching(w, r, http.StatusUnprocessableEntity, &chosen, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/settings/ladder?done=kept")
}

// keepSettings saves what a form chose, or says everything that is wrong with it: what cannot be read and what may not be, at once.
func (f *Face) keepSettings(r *http.Request, in *form, chosen settings.Settings) error {
	version, _ := strconv.ParseInt(in.text("version"), 10, 64)
	if len(in.faults) > 0 {
		return append(in.faults, problem.All(chosen.Validate())...).Err()
	}
	return f.desk.SaveSettings(r.Context(), chosen, version)
}

// cutLast splits "250.50 EUR" before its last word.
func cutLast(line string) (before, last string, found bool) {
	n := strings.LastIndexAny(line, " \t")
	if n < 0 {
		return line, "", false
	}
	return strings.TrimSpace(line[:n]), line[n+1:], true
}
