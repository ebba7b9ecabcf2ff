package main

import (
	"io"
	"os"

	"github.com/alecthomas/kong"
)

// fromFile reads the --config file, and is silent about a flag that the environment sets: kong takes the last source that knows one, and
// the file named by a flag comes last.
func fromFile(r io.Reader) (kong.Resolver, error) {
	file, err := kong.JSON(r)
	if err != nil {
		return nil, err
	}
	return kong.ResolverFunc(func(ctx *kong.Context, path *kong.Path, flag *kong.Flag) (any, error) {
		if value, err := fromEnvironment(ctx, path, flag); value != nil || err != nil {
			return value, err
		}
		return file.Resolve(ctx, path, flag)
	}), nil
}

// fromEnvironment makes CANDOR_… win over the file; flags win over both.
var fromEnvironment = kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if value, set := os.LookupEnv(name); set {
			return value, nil
		}
	}
	return nil, nil
})
