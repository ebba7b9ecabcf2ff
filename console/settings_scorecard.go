package console

import (
	"net/http"
	"strconv"

	"candor/playbook"
	"candor/problem"
	"candor/settings"
)

// A scorecardPage holds what the items of the scorecard weigh.
type scorecardPage struct {
	shell
	Parts []weighed
	Rest  []string
}

type weighed struct {
	Name   string
	Inputs []input
}

func (f *Face) showScorecard(w http.ResponseWriter, r *http.Request) error {
	return f.renderScorecard(w, r, http.StatusOK, nil)
}

func (f *Face) renderScorecard(w http.ResponseWriter, r *http.Request, status int, faults problem.List) error {
	s, err := f.frame(r, "Scorecard", "", nil)
	if err != nil {
		return err
	}
	s = s.asTyped(r, faults)
	p := scorecardPage{shell: s}
	house := playbook.Scorecard(nil)
	var shown []string
	for n, x := range playbook.Scorecard(s.Company.Scorecard) {
		name := "Penalties"
		if x.Part != "" {
			name = partWords[x.Part]
		}
		if len(p.Parts) == 0 || p.Parts[len(p.Parts)-1].Name != name {
			p.Parts = append(p.Parts, weighed{Name: name})
		}
		part := &p.Parts[len(p.Parts)-1]
		field := "scorecard." + x.Item
		shown = append(shown, field)
		part.Inputs = append(part.Inputs, s.input(field, "text", itemWords[x.Item], "Ours: "+points(house[n].Weight)+". "+x.Source, points(x.Weight)))
	}
	p.Rest = s.Elsewhere(shown...)
	return f.render(w, status, "scorecard", p)
}

// postScorecard keeps only the weights that differ from ours, so that a better proposal reaches everybody else.
func (f *Face) postScorecard(w http.ResponseWriter, r *http.Request) error {
	s, err := f.frame(r, "", "", nil)
	if err != nil {
		return err
	}
	in := typed(r, s.Zone)
	chosen := s.Company
	chosen.Scorecard = settings.Weights{}
	for _, x := range playbook.Scorecard(nil) {
		field := "scorecard." + x.Item
		weight := in.whole(field)
		if in.text(field) != strconv.Itoa(int(x.Weight)) && in.text(field) != "" {
			chosen.Scorecard[x.Item] = weight
		}
	}
	err = f.keepSettings(r, in, chosen)
	if refusals := ofForm(err); refusals != nil {
		return f.renderScorecard(w, r, http.StatusUnprocessableEntity, refusals)
	}
	if err != nil {
		return err
	}
	return back(w, r, "/console/settings/scorecard?done=kept")
}
