package amends

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// Validate refuses terms that nobody could reckon with, with every reason at once. What can be reckoned but may not be meant is Lint's.
func (t Terms) Validate() error {
	var faults []error
	fault := func(is bool, say string, args ...any) {
		if is {
			faults = append(faults, fmt.Errorf(say, args...))
		}
	}
	fault(t.Period != Month && t.Period != Quarter && t.Period != Incident,
		"period is %.32q, not calendar_month, calendar_quarter or incident", string(t.Period))
	_, err := t.In("")
	fault(err != nil, "tz: %v", err)
	fault(t.FixedS != nil && t.FixedS.Sign() <= 0, "fixed_total_s is not above 0")
	switch t.Maintenance {
	case "", Counts, NotDowntime, IfDefined, OutOfTheSpan:
	default:
		fault(true, "maintenance is %.32q, not counts, not_downtime, not_downtime_if_defined or excluded_from_total", string(t.Maintenance))
	}
	if _, ok := overlapKeys[t.Overlap]; !ok {
		fault(true, "overlap is %.32q, not union, per_component or max", string(t.Overlap))
	}
	faults = append(faults, t.Counted.validate(t.Overlap), t.Model.validate(t), t.Rounding.Valid())
	return errors.Join(faults...)
}

func positive(name string, n *Number) error {
	if n == nil || n.Sign() <= 0 {
		return fmt.Errorf("%s is missing or not above 0", name)
	}
	return nil
}

func (n Count) validate(o Overlap) error {
	if o == Heaviest && n.Kind != EachSecond && n.Kind != ErrorMinutes && n.Kind != ErrorRates {
		return fmt.Errorf("overlap max weighs seconds, and granularity %.32q counts whole stretches: nobody could say what half a stretch is", string(n.Kind))
	}
	switch n.Kind {
	case EachSecond:
		return nil
	case WholeMinutes:
		if n.MinS != nil && n.MinS.Sign() < 0 {
			return errors.New("min_s is below 0")
		}
		return nil
	case MinDuration:
		return positive("over_s", n.OverS)
	case RoundUp, RoundNearest:
		return positive("unit_s", n.UnitS)
	case ErrorMinutes:
		if n.Threshold == nil || n.Threshold.Sign() < 0 || n.Threshold.Cmp(hundred) > 0 {
			return errors.New("threshold is not between 0 and 100")
		}
		return nil
	case ErrorRates, FullIntervals:
		if err := positive("interval_s", n.IntervalS); err != nil {
			return err
		}
		if !n.IntervalS.IsInt() || n.IntervalS.Cmp(whole(secondsOfDay)) > 0 {
			return errors.New("interval_s is not a whole number of seconds, a day at most")
		}
		return nil
	}
	return fmt.Errorf("granularity is %.32q, which nobody counts by", string(n.Kind))
}

func (m Model) validate(t Terms) error {
	var err error
	switch m.Type {
	case Tiers:
		err = m.validateTiers()
	case PerBlock:
		err = errors.Join(positive("block_s", m.BlockS), positive("pct", m.Pct))
	case Step:
		err = errors.Join(positive("commitment", m.Commitment), positive("step", m.Step), positive("pct", m.Pct))
	case DaysPerBlock:
		err = errors.Join(positive("block_s", m.BlockS), validValue("day_value", m.DayValue))
	case BandsDays:
		err = errors.Join(m.validateBands(func(b Band) *Number { return b.Days }), validValue("day_value", m.DayValue))
	case BandsHours:
		err = errors.Join(m.validateBands(func(b Band) *Number { return b.Hours }), validValue("hour_value", m.HourValue))
	case ProRata, AffectedRatio, Belgium, FlatMonths, NoClause:
	case Multiplier:
		err = positive("hours_per_month", m.HoursPerMonth)
		if m.Intermediate != nil && (*m.Intermediate < 0 || *m.Intermediate > printedDigits) {
			err = errors.Join(err, fmt.Errorf("intermediate_decimals is not between 0 and %d", printedDigits))
		}
	case ClockHour:
		err = positive("over_s", m.OverS)
	case DailyMax:
		switch {
		case len(m.Rows) == 0:
			err = errors.New("rows are missing")
		case m.FreeDays < 0 || m.FreeDays > mostFullDays:
			err = fmt.Errorf("free_days is not between 0 and %d", mostFullDays)
		}
	default:
		return fmt.Errorf("model is %.32q, which is none", string(m.Type))
	}
	if m.Round != "" && m.Round != WholeOnly && m.Round != OrPartOf {
		err = errors.Join(err, fmt.Errorf("round is %.32q, not floor or ceil", string(m.Round)))
	}
	if t.Period == Incident && (m.Type == Tiers || m.Type == Step || m.OnlyBelow != nil || m.ExcessPct != nil) {
		err = errors.Join(err, errors.New("the model asks for uptime, and terms by incident have none"))
	}
	return errors.Join(err, m.validateSigns())
}

// validateSigns refuses figures that would make a customer pay.
func (m Model) validateSigns() error {
	for _, figure := range []struct {
		name string
		n    *Number
	}{
		{"multiplier", m.Multiplier},
		{"factor", m.Factor},
		{"cap_pct", m.CapPct},
		{"cap", m.MostMonths},
		{"months", m.Months},
		{"days", m.Days},
		{"excess_over_pct", m.ExcessPct},
	} {
		if figure.n != nil && figure.n.Sign() < 0 {
			return fmt.Errorf("%s is below 0", figure.name)
		}
	}
	if m.CapBase != "" && m.CapBase != feeBase && m.CapBase != renewalBase {
		return fmt.Errorf("cap_base is %.32q, not fee or renewal", m.CapBase)
	}
	return nil
}

func (m Model) validateTiers() error {
	if len(m.Tiers) == 0 {
		return errors.New("tiers are missing")
	}
	for i, row := range m.Tiers {
		if row.Pct == nil || row.Pct.Sign() < 0 {
			return fmt.Errorf("row %d: pct is missing or below 0", i+1)
		}
	}
	return nil
}

func (m Model) validateBands(pays func(Band) *Number) error {
	if len(m.Bands) == 0 {
		return errors.New("bands are missing")
	}
	for i, band := range m.Bands {
		if n := pays(band); n == nil || n.Sign() < 0 {
			return fmt.Errorf("band %d: what it pays is missing or below 0", i+1)
		}
	}
	return nil
}

func validValue(name, formula string) error {
	base, over, ok := strings.Cut(formula, "/")
	var n Number
	counted := over == daysInMonth || over == hoursInMonth || n.UnmarshalJSON([]byte(over)) == nil && n.Cmp(new(big.Rat)) > 0
	if !ok || base != feeBase && base != renewalBase || !counted {
		return fmt.Errorf("%s is %.32q, not such as fee/30, fee/days_in_month or renewal/365", name, formula)
	}
	return nil
}
