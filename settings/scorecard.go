package settings

import (
	"maps"
	"slices"

	"candor/problem"
)

// Weights are points by item of the scorecard, where the company wants others than those Candor comes with.
type Weights map[string]int

const mostWeight = 100

func (w Weights) check() (wrong problem.List) {
	for _, item := range slices.Sorted(maps.Keys(w)) {
		if w[item] < 0 || w[item] > mostWeight {
			wrong.Add(problem.Field("scorecard."+item, "problem.scorecard.weight"))
		}
	}
	return wrong
}
