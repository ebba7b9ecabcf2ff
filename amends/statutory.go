package amends

import (
	"math/big"
	"time"
)

// Sums that a law prints are in the money of its country; a case brings that currency.

// daily pays for each full day after the free ones the larger of a sum and a percentage: Germany's TKG, par. 58.
func (m Measured) daily(fee *big.Rat, say *reckoning) payment {
	model := m.terms.Model
	days := m.fullDays()
	total := new(big.Rat)
	say.line("credit.rate.daily", "n", number{whole(int64(days))}, "free", number{whole(int64(model.FreeDays))})
	for day := model.FreeDays + 1; day <= days; day++ {
		for _, row := range model.Rows {
			if day < row.From || row.To != 0 && day > row.To {
				continue
			}
			share, sum := mul(fee, div(row.Pct.or(0), hundred)), new(big.Rat).Set(row.Fixed.or(0))
			if share.Cmp(sum) > 0 {
				sum = share
			}
			say.line("credit.rate.daily.day", "day", number{whole(int64(day))}, "fixed", number{row.Fixed.or(0)}, "pct", percent{row.Pct.or(0)},
				"share", number{share}, "sum", number{sum})
			total.Add(total, sum)
			break
		}
	}
	return payment{sum: total}
}

// fullDays is what the case says, else the days of the calendar, where the terms count time, that were down from midnight to midnight.
func (m Measured) fullDays() (n int) {
	if m.c.FullDays != nil {
		return *m.c.FullDays
	}
	for _, group := range m.terms.outages(m.c, m.frame, m.terms.holes(m.c, m.frame, new(reckoning)), new(reckoning)) {
		for _, s := range group {
			at := time.Unix(0, s.from).In(m.frame.zone)
			date := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
			if midnight(date, m.frame.zone).Before(at) {
				date = date.AddDate(0, 0, 1)
			}
			for n < mostFullDays {
				date = date.AddDate(0, 0, 1)
				if midnight(date, m.frame.zone).UnixNano() > s.to {
					break
				}
				n++
			}
		}
	}
	return n
}

// Belgium's law, since November 2024: one euro over 8 hours, another over 24, half a one for every further full day.
var (
	belgianFirst  = whole(8 * 3600)
	belgianSecond = whole(24 * 3600)
	belgianEach   = big.NewRat(1, 2)
)

func (m Measured) belgium(say *reckoning) payment {
	sum := new(big.Rat)
	if m.Down.Cmp(belgianFirst) > 0 {
		sum = whole(1)
	}
	further := new(big.Rat)
	if m.Down.Cmp(belgianSecond) > 0 {
		further.SetInt(floor(sub(m.Down, belgianSecond), whole(secondsOfDay)))
		sum = add(whole(2), mul(further, belgianEach))
	}
	say.line("credit.rate.belgium", "down", number{m.Down}, "days", number{further}, "sum", number{sum})
	return payment{sum: sum}
}

// flatMonths is goodwill: so many months of the fee for each site, whatever the downtime was.
func (m Measured) flatMonths(fee *big.Rat, say *reckoning) payment {
	months, sites := m.terms.Model.Months.or(1), m.c.Sites.or(1)
	sum := mul(fee, mul(months, sites))
	say.line("credit.rate.months", "months", number{months}, "fee", number{fee}, "sites", number{sites}, "sum", number{sum})
	return payment{sum: sum}
}
