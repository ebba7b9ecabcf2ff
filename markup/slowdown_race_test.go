//go:build race

package markup

// slowdown is what the race detector costs: it instruments every access, so its figures say nothing about a text.
const slowdown = 20
