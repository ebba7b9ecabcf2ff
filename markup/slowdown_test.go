//go:build !race

package markup

const slowdown = 1
