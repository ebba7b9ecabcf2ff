package record

import (
	"encoding/binary"
	"errors"
)

// Bundle is a tile of entries: each with its length in two bytes before it.
func Bundle(entries [][]byte) []byte {
	var b []byte
	for _, e := range entries {
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(e))), e...)
	}
	return b
}

// Unbundle reads what Bundle wrote.
func Unbundle(b []byte) (entries [][]byte, err error) {
	for len(b) > 0 {
		if len(b) < 2 || len(b)-2 < int(binary.BigEndian.Uint16(b)) {
			return entries, errors.New("the tile of entries is cut off")
		}
		n := int(binary.BigEndian.Uint16(b))
		entries, b = append(entries, b[2:2+n:2+n]), b[2+n:]
	}
	return entries, nil
}
