package console

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"candor/money"
	"candor/problem"
	"candor/settings"
)

// A creditSettingsPage is what the company decided about money back.
type creditSettingsPage struct {
	shell
	Limits textArea
	Word   choice
	Within input
	Rest   []string
}

var creditWords = map[settings.CreditWord]string{
	settings.CreditsUnsaid:    "Nothing",
	settings.CreditsDecided:   "By when it is decided",
	settings.CreditsAutomatic: "By the contract, without anybody asking",
	settings.CreditsAsked:     "To who asks",
}

func (f *Face) showCreditSettings(w http.ResponseWriter, r *http.Request) error {
	return f.renderCreditSettings(w, r, http.StatusOK, nil, nil)
}

func (f *Face) renderCreditSettings(w http.ResponseWriter, r *http.Request, status int, chosen *settings.Credits, faults problem.List) error {
	s, err := f.frame(r, "Credits", "", nil)
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	c := s.Company.Credits
	if chosen != nil {
		c = *chosen
	}
	limits := make([]string, len(c.SecondAbove))
	for n, a := range c.SecondAbove {
		limits[n] = a.String()
	}
	p := creditSettingsPage{Limits: s.textArea("credits.second_above", strings.Join(limits, "\n"))}
	p.Word = choice{Name: "credits.word", Legend: "The page of an open incident says how money comes back", Fault: s.Err("credits.word")}
	for _, word := range settings.CreditWords {
		p.Word.Options = append(p.Word.Options, option{Value: string(word), Word: creditWords[word], Chosen: word == c.Word})
	}
	within := ""
	if c.Within > 0 {
		within = strconv.Itoa(int(c.Within / time.Hour))
	}
	p.Within = s.input("credits.within", "text", "Decided within so many hours of the first word", "A promise that customers see. 48, for example", within)
	p.shell, p.Rest = s, s.Elsewhere("credits.second_above", "credits.word", "credits.within")
	return f.render(w, status, "settings-credits", p)
}

func (f *Face) postCreditSettings(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	chosen := s.Company
	chosen.Credits = settings.Credits{Word: settings.CreditWord(in.text("credits.word")), Within: time.Duration(in.whole("credits.within")) * time.Hour}
	for _, line := range splitLines(in.text("credits.second_above")) {
		amount, currency, _ := cutLast(line)
		a, err := money.Parse(amount, currency)
		if err != nil {
			in.faults.Add(problem.Field("credits.second_above", "problem.credits.limit"))
			continue
		}
		chosen.Credits.SecondAbove = append(chosen.Credits.SecondAbove, a)
	}
	err = f.keepSettings(r, in, chosen)
	if refusals := ofForm(err); refusals != nil {
		return f.renderCreditSettings(w, r, http.StatusUnprocessableEntity, &chosen.Credits, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/settings/credits?done=kept")
}
