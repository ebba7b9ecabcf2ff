package record

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// A Hash is a node of the tree (RFC 6962).
type Hash = tlog.Hash

// HashOf is the leaf hash of an entry.
func HashOf(entry []byte) Hash { return tlog.RecordHash(entry) }

// tileHeight makes tiles of 256 hashes, as C2SP's tlog-tiles has them.
const (
	tileHeight = 8
	TileWidth  = 1 << tileHeight
)

// A Tile is up to 256 hashes side by side on one level of tiles; the last one of a level grows.
type Tile struct {
	Level  int
	N      int64
	Hashes []byte
}

// Width is how many hashes it holds.
func (t Tile) Width() int { return len(t.Hashes) / tlog.HashSize }

type place struct {
	level int
	n     int64
}

// A Tree is the right edge of a log: all it takes to append to it and to know its root.
type Tree struct {
	size    int64
	tiles   map[place]*Tile
	changed map[place]bool
}

// Edge names the unfinished tiles of a log of that size: those that Grow needs.
func Edge(size int64) (all []Tile) {
	for level := 0; size>>(tileHeight*level) > 0; level++ {
		if on := size >> (tileHeight * level); on%TileWidth != 0 {
			all = append(all, Tile{Level: level, N: on / TileWidth})
		}
	}
	return all
}

// Grow starts from a log of that size with its unfinished tiles.
func Grow(size int64, edge []Tile) (*Tree, error) {
	t := &Tree{size: size, tiles: map[place]*Tile{}, changed: map[place]bool{}}
	for _, e := range edge {
		t.tiles[place{e.Level, e.N}] = &Tile{e.Level, e.N, append([]byte(nil), e.Hashes...)}
	}
	for _, want := range Edge(size) {
		have := t.tiles[place{want.Level, want.N}]
		if have == nil || int64(have.Width()) != (size>>(tileHeight*want.Level))%TileWidth {
			return nil, fmt.Errorf("the tile %s of a log of %d entries is not there or of the wrong width", TilePath(want.Level, want.N, 0), size)
		}
	}
	return t, nil
}

// Size is how many leaves there are.
func (t *Tree) Size() int64 { return t.size }

// Append adds one leaf.
func (t *Tree) Append(leaf Hash) {
	t.put(0, t.size/TileWidth, leaf)
	t.size++
}

func (t *Tree) put(level int, n int64, h Hash) {
	at := place{level, n}
	tile := t.tiles[at]
	if tile == nil {
		tile = &Tile{Level: level, N: n}
		t.tiles[at] = tile
	}
	tile.Hashes = append(tile.Hashes, h[:]...)
	t.changed[at] = true
	if tile.Width() == TileWidth {
		t.put(level+1, n/TileWidth, rootOf(tile.Hashes))
	}
}

// rootOf is the root over a full tile.
func rootOf(hashes []byte) Hash {
	if len(hashes) == tlog.HashSize {
		return Hash(hashes)
	}
	half := len(hashes) / 2
	return tlog.NodeHash(rootOf(hashes[:half]), rootOf(hashes[half:]))
}

// Root is the hash of the whole tree.
func (t *Tree) Root() (Hash, error) { return tlog.TreeHash(t.size, edgeReader{t}) }

// Changed are the tiles that were appended to since the last time, and forgets the finished ones: nothing is appended to them any more.
func (t *Tree) Changed() (all []Tile) {
	for at := range t.changed {
		tile := t.tiles[at]
		all = append(all, Tile{tile.Level, tile.N, append([]byte(nil), tile.Hashes...)})
		if tile.Width() == TileWidth {
			delete(t.tiles, at)
		}
	}
	clear(t.changed)
	return all
}

// edgeReader finds what the root is made of.
type edgeReader struct{ tree *Tree }

func (r edgeReader) ReadHashes(indexes []int64) (all []Hash, err error) {
	for _, index := range indexes {
		want := tlog.TileForIndex(tileHeight, index)
		tile := r.tree.tiles[place{want.L, want.N}]
		if tile == nil || tile.Width() < want.W {
			return nil, fmt.Errorf("the tile %s is not there", TilePath(want.L, want.N, 0))
		}
		h, err := tlog.HashFromTile(want, tile.Hashes[:want.W*tlog.HashSize], index)
		if err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	return all, nil
}
