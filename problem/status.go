package problem

// statuses are numbers, not net/http's names: nouns import this package, and they know of no HTTP.
var statuses = map[Kind]int{
	Invalid:         422,
	Unauthenticated: 401,
	Forbidden:       403,
	NotFound:        404,
	Conflict:        409,
	Gone:            410,
	TooLarge:        413,
	TooMany:         429,
	Unavailable:     503,
}

// Status is what every face answers over HTTP, so that one act is refused with one number wherever it is asked for. A kind nobody has
// given one is a fault of ours: 500.
func (k Kind) Status() int {
	if s, ok := statuses[k]; ok {
		return s
	}
	return 500
}
