package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"candor/mirror"
)

// Snapshot writes the whole public page as plain files into a directory, and answers how many.
func Snapshot(ctx context.Context, c Config, directory string, log *slog.Logger) (files int, err error) {
	a, err := New(ctx, c, log)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return 0, fmt.Errorf("cannot write to %s: %w", directory, err)
	}
	root, err := os.OpenRoot(directory)
	if err != nil {
		return 0, fmt.Errorf("cannot write to %s: %w", directory, err)
	}
	defer root.Close()
	base, err := a.config.base()
	if err != nil {
		return 0, err
	}
	starts, err := a.site.RecordStarts(ctx)
	if err != nil {
		return 0, err
	}
	return mirror.ToDisk(ctx, a.site.Handler(), base, append(a.site.Starts(), starts...), root)
}
