package verify

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"candor/record"
)

type mirrored struct {
	address string
	from    Source
	head    record.Head
}

// mirrored reads the heads of the mirrors first, so that the page's log is added up at their sizes too.
func (t Task) mirrored(ctx context.Context, keys []string) (all []mirrored, err error) {
	for _, address := range slices.Sorted(maps.Keys(t.Mirrors)) {
		m := mirrored{address: address, from: t.Mirrors[address]}
		if m.head, _, err = readHead(ctx, address, m.from, keys); err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// compareMirrors checks each mirror as the page was, and that both have the same past.
func (t Task) compareMirrors(ctx context.Context, all []mirrored, page *log, keys []string, f *Findings) error {
	for _, m := range all {
		if err := page.grewFrom(m.head, "the mirror "+m.address); err != nil {
			return err
		}
		if _, err := t.readLog(ctx, m.address, m.from, keys, nil); err != nil {
			return fmt.Errorf("mirror %s: %w", m.address, err)
		}
		before := f.Pages
		if err := t.readPages(ctx, m.from, m.address, page, m.head.Size, f); err != nil {
			return err
		}
		f.Mirrors = append(f.Mirrors, Mirror{m.address, m.head.Size, f.Pages - before})
	}
	return nil
}
