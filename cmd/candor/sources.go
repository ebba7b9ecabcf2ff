package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// file is the --config file. It is silent about a flag that the environment sets: kong takes the last source that knows one, and the file
// named by a flag comes last.
type file struct {
	kong.Resolver
	keys []string
}

// fromFile reads the --config file.
func fromFile(r io.Reader) (kong.Resolver, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var values map[string]any
	if err := json.Unmarshal(text, &values); err != nil {
		return nil, fmt.Errorf("the --config file is not JSON: %w", err)
	}
	source, err := kong.JSON(bytes.NewReader(text))
	return file{source, slices.Sorted(maps.Keys(values))}, err
}

// Resolve answers what the file says unless the environment says something.
func (f file) Resolve(ctx *kong.Context, path *kong.Path, flag *kong.Flag) (any, error) {
	if value, err := fromEnvironment(ctx, path, flag); value != nil || err != nil {
		return value, err
	}
	return f.Resolver.Resolve(ctx, path, flag)
}

// Validate refuses a key that no command knows: a setting that is misspelt would otherwise be silently the default.
func (f file) Validate(app *kong.Application) error {
	known := map[string]bool{}
	var learn func(n *kong.Node)
	learn = func(n *kong.Node) {
		for _, flag := range n.Flags {
			known[strings.ReplaceAll(flag.Name, "-", "_")] = true
		}
		for _, child := range n.Children {
			learn(child)
		}
	}
	learn(app.Node)
	for _, key := range f.keys {
		if !known[key] {
			return fmt.Errorf("the --config file sets %q, which is no flag; write flags in lower case with underscores, such as \"public_url\"", key)
		}
	}
	return nil
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
