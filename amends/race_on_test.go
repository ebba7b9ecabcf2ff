//go:build race

package amends

const racing = true
