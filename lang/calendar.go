package lang

import (
	"time"
)

// Date is a day in full, where the reader stands: "Monday, 10 September 2012".
func (w Words) Date(t time.Time, loc *time.Location) string {
	return w.day("_date.long", in(t, loc))
}

// Day is a day with its year and without its weekday: "10 September 2012".
func (w Words) Day(t time.Time, loc *time.Location) string {
	return w.day("_date.day", in(t, loc))
}

// ShortDate is a day for a column of days, whose year stands elsewhere: "Mon 10 Sep".
func (w Words) ShortDate(t time.Time, loc *time.Location) string {
	return w.day("_date.short", in(t, loc))
}

// Days is a run of days: "4 to 9 Sep", "12 Aug to 2 Sep". A run of one is that day. Its year stands elsewhere.
func (w Words) Days(first, last time.Time, loc *time.Location) string {
	first, last = in(first, loc), in(last, loc)
	if first.Month() != last.Month() || first.Year() != last.Year() {
		return w.T("_date.span", "from", w.day("_date.plain", first), "to", w.day("_date.plain", last))
	}
	if first.Day() == last.Day() {
		return w.day("_date.plain", first)
	}
	return w.T("_date.days", "first", plainInt(first.Day()), "day", plainInt(last.Day()), "mon", w.numbered("_month.short.", int(last.Month())))
}

// Month is a month of a year: "September 2012".
func (w Words) Month(year int, month time.Month) string {
	return w.T("_date.month", "month", w.numbered("_month.", int(month)), "year", plainInt(year))
}

func (w Words) day(pattern string, t time.Time) string {
	return w.T(pattern,
		"day", plainInt(t.Day()),
		"month", w.numbered("_month.", int(t.Month())),
		"mon", w.numbered("_month.short.", int(t.Month())),
		"weekday", w.numbered("_weekday.", int(t.Weekday())),
		"wd", w.numbered("_weekday.short.", int(t.Weekday())),
		"year", plainInt(t.Year()))
}

// in is t where the reader stands; without a place it is UTC, never the server's own zone.
func in(t time.Time, loc *time.Location) time.Time {
	if loc == nil {
		return t.UTC()
	}
	return t.In(loc)
}
