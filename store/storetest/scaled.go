package storetest

// Scaled is how many rows a crowd test uses: n, and a fifth of it under the race detector, where SQLite in Go runs ten times slower and
// the interleavings, not the numbers, are what is looked for.
func Scaled(n int) int {
	if underRace {
		return n / 5
	}
	return n
}
