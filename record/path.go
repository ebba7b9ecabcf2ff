package record

import (
	"fmt"
	"strconv"
	"strings"
)

// Addresses below the log's own, as C2SP's tlog-tiles has them.
const (
	CheckpointPath = "checkpoint"
	KeyPath        = "key"
	PendingPath    = "pending" // entries that have no number yet, as a tile of entries
	AuditPath      = "audit"   // the head of the private log of staff's acts
	HeadsPath      = "heads"   // heads/N is the newest head of at most N entries
	OpeningsPrefix = "openings"
	TilePrefix     = "tile"
)

// TilePath is where a tile of hashes lies; width 0 or 256 is a full one.
func TilePath(level int, n int64, width int) string {
	return "tile/" + strconv.Itoa(level) + "/" + numberPath(n) + partOf(width)
}

// EntriesPath is where the entries of tile n lie.
func EntriesPath(n int64, width int) string { return "tile/entries/" + numberPath(n) + partOf(width) }

// OpeningsPath is where the openings of the entries of tile n lie: ours, not C2SP's, and the only tiles that can shrink.
func OpeningsPath(n int64) string { return "openings/" + numberPath(n) }

// numberPath spells 1234067 as x001/x234/067, so that no folder of a mirror holds more than a thousand files.
func numberPath(n int64) string {
	path := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		path = fmt.Sprintf("x%03d/%s", n%1000, path)
	}
	return path
}

func partOf(width int) string {
	if width == 0 || width == TileWidth {
		return ""
	}
	return ".p/" + strconv.Itoa(width)
}

// ParseNumber reads what follows the level in the address of a tile; width is 256 for a full one.
func ParseNumber(path string) (n int64, width int, ok bool) {
	number, part, partial := strings.Cut(path, ".p/")
	if width = TileWidth; partial {
		var err error
		if width, err = strconv.Atoi(part); err != nil || width < 1 || width >= TileWidth {
			return 0, 0, false
		}
	}
	for segment := range strings.SplitSeq(number, "/") {
		d, err := strconv.Atoi(strings.TrimPrefix(segment, "x"))
		if err != nil || d < 0 || n > 1<<40 {
			return 0, 0, false
		}
		n = n*1000 + int64(d)
	}
	return n, width, numberPath(n)+partOf(width) == path
}

// Files are the addresses of a whole log of that size.
func Files(size int64) (all []string) {
	all = []string{KeyPath, PendingPath, AuditPath}
	for level := 0; size>>(tileHeight*level) > 0; level++ {
		on := size >> (tileHeight * level)
		for n := range (on + TileWidth - 1) / TileWidth {
			width := int(min(on-n*TileWidth, TileWidth))
			all = append(all, TilePath(level, n, width))
			if level == 0 {
				all = append(all, EntriesPath(n, width), OpeningsPath(n))
			}
		}
	}
	return append(all, CheckpointPath) // last: what it promises is there
}
