package playbook

import (
	_ "embed"
	"encoding/json"
	"fmt"

	"candor/settings"
)

//go:embed scorecard.json
var houseScorecard []byte

// A Weighing is one item of the scorecard: what it weighs of 100 points, or costs as a penalty, and whose experience says so. Only the order
// of the weights is research; the numbers are a proposal, and the company may set its own.
type Weighing struct {
	Part   string  `json:"part,omitempty"` // empty for a penalty
	Item   string  `json:"item"`
	Weight float64 `json:"weight"`
	Source string  `json:"source"`
}

// Scorecard is the list of what is judged, in the order it is shown, with the company's weights.
func Scorecard(own settings.Weights) []Weighing {
	all := houseWeights()
	for n, w := range all {
		if weight, ok := own[w.Item]; ok {
			all[n].Weight = float64(weight)
		}
	}
	return all
}

func houseWeights() (all []Weighing) {
	var file struct {
		Parts []struct {
			Part  string     `json:"part"`
			Items []Weighing `json:"items"`
		} `json:"parts"`
		Penalties []Weighing `json:"penalties"`
	}
	if err := json.Unmarshal(houseScorecard, &file); err != nil {
		panic(fmt.Errorf("read the scorecard: %w", err)) // a broken build
	}
	for _, p := range file.Parts {
		for _, w := range p.Items {
			w.Part = p.Part
			all = append(all, w)
		}
	}
	return append(all, file.Penalties...)
}
