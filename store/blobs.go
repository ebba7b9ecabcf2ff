package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Blobs are pictures, each under the hash of its bytes: a name nobody chose leads nowhere else (V13), and what is served under it never
// changes.
type Blobs struct{ tx *Tx }

// A Blob is one of them. Type is what Candor encoded, never what an uploader said it is (V16).
type Blob struct {
	Hash      string
	Type      string
	Body      []byte
	CreatedAt time.Time
}

// Put keeps a picture and answers its hash; the same one twice is one row.
func (v Blobs) Put(ctx context.Context, mediaType string, body []byte, at time.Time) (hash string, err error) {
	defer wrap(&err, "keep a picture")
	sum := sha256.Sum256(body)
	hash = hex.EncodeToString(sum[:])
	return hash, exec(ctx, v.tx, `INSERT INTO blobs (hash, type, body, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING`,
		hash, mediaType, body, instant(at))
}

// Type is what kind of picture it is.
func (v Blobs) Type(ctx context.Context, hash string) (mediaType string, err error) {
	defer wrap(&err, "look for the picture %.64q", hash)
	if !isHash(hash) {
		return "", ErrNotFound
	}
	return one(ctx, v.tx, value[string], `SELECT type FROM blobs WHERE hash = $1`, hash)
}

// isHash spares the database what a stranger wrote into an address: PostgreSQL answers some bytes with an error.
func isHash(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, "0123456789abcdef") == ""
}

// ByHash reads a picture.
func (v Blobs) ByHash(ctx context.Context, hash string) (b Blob, err error) {
	defer wrap(&err, "read the picture %.64q", hash)
	if !isHash(hash) {
		return Blob{}, ErrNotFound
	}
	read := func(scan scan) (b Blob, err error) {
		err = scan(&b.Hash, &b.Type, &b.Body, (*instant)(&b.CreatedAt))
		return b, err
	}
	return one(ctx, v.tx, read, `SELECT hash, type, body, created_at FROM blobs WHERE hash = $1`, hash)
}
