package settings

import "candor/problem"

// A Publicity is how much the page says about how many affected customers know.
type Publicity string

const (
	CoverageHidden Publicity = ""       // nothing, until the company switches it on: how many customers it has is its own affair
	CoverageShares Publicity = "shares" // "99.4% of affected customers reached"
	CoverageCounts Publicity = "counts" // "4,790 of 4,815 affected customers reached"
)

// Publicities in the order the console offers them.
var Publicities = [...]Publicity{CoverageHidden, CoverageShares, CoverageCounts}

func (p Publicity) check() *problem.Problem {
	if p != CoverageHidden && p != CoverageShares && p != CoverageCounts {
		return problem.Field("public_coverage", "problem.choice")
	}
	return nil
}
