package reach

import (
	"crypto/sha256"
	"math"
	"slices"

	"candor/id"
	"candor/incident"
)

// A Level is how many customers are asked afterwards "did you get it, do you know what to do?". The letters and shares are those of the
// FDA's effectiveness checks of recalls (21 CFR 7.42): mailing is not enough, somebody asks.
type Level string

const (
	LevelA Level = "A" // all
	LevelC Level = "C" // one in ten
	LevelD Level = "D" // one in fifty
	LevelE Level = "E" // nobody
)

// percent of the customers that a level asks.
var percent = map[Level]int{LevelA: 100, LevelC: 10, LevelD: 2, LevelE: 0}

// mostAsked is enough: 400 answers know the share of any number of customers to five points (19 times in 20). More would only be
// more people bothered.
const mostAsked = 400

// LevelOf is how hard we look, by what was at stake.
func LevelOf(kind incident.Kind, impact incident.Impact) Level {
	switch {
	case kind == incident.Maintenance || impact == incident.ImpactMaintenance:
		return LevelE
	case impact == incident.ImpactCritical || kind == incident.Data || kind == incident.Security || kind == incident.Billing:
		return LevelA // data or money touched, or nothing worked
	case impact == incident.ImpactMajor:
		return LevelC
	case impact == incident.ImpactMinor:
		return LevelD
	}
	return LevelE
}

// SampleSize is how many of n customers are asked. A part of a customer is a customer.
func SampleSize(l Level, n int) int {
	return min(mostAsked, (n*percent[l]+99)/100)
}

// Sample draws whom to ask. The same seed and customers give the same sample whatever their order, so that anybody can recompute that it
// was chance and not choice: each customer's rank is the SHA-256 of seed, a zero byte and the id, and the lowest are asked. Doubles are
// taken out first, as the FSIS demands of a recall's list.
func Sample(seed string, size int, customers []id.Customer) []id.Customer {
	type ranked struct {
		rank     [sha256.Size]byte
		customer id.Customer
	}
	all := slices.Clone(customers)
	slices.Sort(all)
	all = slices.Compact(all)
	drawn := make([]ranked, len(all))
	for i, c := range all {
		drawn[i] = ranked{sha256.Sum256([]byte(seed + "\x00" + string(c))), c}
	}
	slices.SortFunc(drawn, func(a, b ranked) int { return slices.Compare(a.rank[:], b.rank[:]) })
	picked := make([]id.Customer, 0, min(size, len(drawn)))
	for _, d := range drawn[:min(max(size, 0), len(drawn))] {
		picked = append(picked, d.customer)
	}
	slices.Sort(picked)
	return picked
}

// Margin is by how much, in percent points, a share found among asked of all customers may be off, 19 times in 20. Who has asked everybody
// knows; who asked nobody knows nothing.
func Margin(yes, asked, all int) (points float64, known bool) {
	if asked <= 0 || asked > all || yes < 0 || yes > asked {
		return 0, false
	}
	if asked == all {
		return 0, true
	}
	// Agresti and Coull's two extra answers on each side keep "all of 20 said yes" from meaning "certainly everybody".
	n := float64(asked) + 4
	p := (float64(yes) + 2) / n
	finite := math.Sqrt(float64(all-asked) / float64(all-1))
	return 100 * 1.96 * math.Sqrt(p*(1-p)/n) * finite, true
}
