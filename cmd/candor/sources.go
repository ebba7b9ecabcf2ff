package main

import (
	"io"
	"os"

	"github.com/alecthomas/kong"
)

// fromFile reads the --config file. Kong takes the last source that knows a flag, so the environment is asked after it.
func fromFile(r io.Reader) (kong.Resolver, error) { return kong.JSON(r) }

// fromEnvironment makes CANDOR_… win over the file; flags win over both.
var fromEnvironment = kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if value, set := os.LookupEnv(name); set {
			return value, nil
		}
	}
	return nil, nil
})
