package record

import (
	"fmt"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"
)

// theirs is a log as Go's checksum database keeps one: the hashes by index, in memory.
type theirs []Hash

func (s theirs) ReadHashes(indexes []int64) (all []Hash, err error) {
	for _, i := range indexes {
		if i >= int64(len(s)) {
			return nil, fmt.Errorf("hash %d of %d", i, len(s))
		}
		all = append(all, s[i])
	}
	return all, nil
}

func (s *theirs) add(t interface{ Fatal(...any) }, n int64, entry []byte) {
	hashes, err := tlog.StoredHashes(n, entry, *s)
	if err != nil {
		t.Fatal(err)
	}
	*s = append(*s, hashes...)
}

// However a log grows, in however many batches, from its unfinished tiles alone, its root is that of Go's own implementation, and every tile
// it left behind holds what tlog finds there.
func TestATreeThatGrowsInBatchesIsTheTreeOfAllItsEntries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kept, size, other := map[string]Tile{}, int64(0), theirs{}
		for range rapid.IntRange(1, 6).Draw(t, "batches") {
			var edge []Tile
			for _, e := range Edge(size) {
				edge = append(edge, kept[TilePath(e.Level, e.N, 0)])
			}
			tree, err := Grow(size, edge)
			if err != nil {
				t.Fatal(err)
			}
			for range rapid.IntRange(1, 400).Draw(t, "entries") {
				entry := fmt.Appendf(nil, "entry %d", tree.Size())
				other.add(t, tree.Size(), entry)
				tree.Append(HashOf(entry))
			}
			size = tree.Size()
			root, err := tree.Root()
			if err != nil {
				t.Fatal(err)
			}
			want, err := tlog.TreeHash(size, other)
			if err != nil || root != want {
				t.Fatalf("the root of %d is %s, want %s (%v)", size, root, want, err)
			}
			for _, tile := range tree.Changed() {
				kept[TilePath(tile.Level, tile.N, 0)] = tile
			}
		}
		for _, tile := range kept {
			want, err := tlog.ReadTileData(tlog.Tile{H: tileHeight, L: tile.Level, N: tile.N, W: tile.Width()}, other)
			if err != nil || string(want) != string(tile.Hashes) {
				t.Fatalf("the tile %s is not as tlog has it (%v)", TilePath(tile.Level, tile.N, tile.Width()), err)
			}
		}
	})
}

func TestATreeDoesNotGrowFromTilesThatDoNotFit(t *testing.T) {
	t.Parallel()
	for name, edge := range map[string][]Tile{
		"none":      nil,
		"too short": {{Level: 0, N: 0, Hashes: make([]byte, 31*32)}},
		"another":   {{Level: 0, N: 1, Hashes: make([]byte, 32*32)}},
	} {
		if _, err := Grow(32, edge); err == nil {
			t.Errorf("a log of 32 grows from tiles: %s", name)
		}
	}
}

func TestAddressesOfTilesAreThoseOfC2SP(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{TilePath(0, 1234067, 0), "tile/0/x001/x234/067"},
		{TilePath(1, 0, 7), "tile/1/000.p/7"},
		{EntriesPath(1000, 256), "tile/entries/x001/000"},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n, width := rapid.Int64Range(0, 1<<38).Draw(t, "n"), rapid.IntRange(1, TileWidth).Draw(t, "width")
		got, w, ok := ParseNumber(numberPath(n) + partOf(width))
		if !ok || got != n || w != width {
			t.Fatalf("%s is read as %d, %d, %v", numberPath(n)+partOf(width), got, w, ok)
		}
	})
	for _, s := range []string{"", "1", "x001", "001/000", "x001/x000", "000.p/0", "000.p/256", "000.p/x", "-01", "x001/000/", "../000", "000.p/007"} {
		if n, w, ok := ParseNumber(s); ok {
			t.Errorf("%q is read as %d, %d", s, n, w)
		}
	}
}
