package record

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// A Head is a log of one size: its root commits to every entry before it.
type Head struct {
	Origin string
	Size   int64
	Root   Hash
}

// String is the text that is signed (C2SP tlog-checkpoint).
func (h Head) String() string {
	return h.Origin + "\n" + strconv.FormatInt(h.Size, 10) + "\n" + base64.StdEncoding.EncodeToString(h.Root[:]) + "\n"
}

// Sign makes the checkpoint: the head with the signature of every key.
func (h Head) Sign(keys ...Key) (string, error) {
	var signers []note.Signer
	for _, k := range keys {
		s, err := note.NewSigner(string(k))
		if err != nil {
			return "", errors.New("the key of the record cannot be read") // it is a secret: not repeated
		}
		signers = append(signers, s)
	}
	signed, err := note.Sign(&note.Note{Text: h.String()}, signers...)
	return string(signed), err
}

// A Key signs heads: "PRIVATE+KEY+…", as signed-note has it. It never leaves the installation.
type Key string

// String keeps the secret out of logs.
func (Key) String() string { return "(the record's key)" }

// NewKey draws a key for an origin and says how others verify it.
func NewKey(origin string) (Key, error) {
	secret, _, err := note.GenerateKey(rand.Reader, origin)
	return Key(secret), err
}

// OriginAt is the name of the log of a page: its address without the scheme, as C2SP wants it.
func OriginAt(public *url.URL) string {
	return strings.TrimRight(public.Host+public.Path, "/") + "/record"
}

// Origin is the log's name in the key.
func (k Key) Origin() string {
	parts := strings.SplitN(string(k), "+", 5)
	if len(parts) != 5 {
		return ""
	}
	return parts[2]
}

// Public is what others verify its signatures with.
func (k Key) Public() (string, error) { return public(string(k)) }

// OpenHead reads a checkpoint that one of the public keys has signed.
func OpenHead(checkpoint string, keys ...string) (h Head, err error) {
	var verifiers []note.Verifier
	for _, k := range keys {
		v, err := note.NewVerifier(strings.TrimSpace(k))
		if err != nil {
			return h, fmt.Errorf("%.80q is no key of a record", k)
		}
		verifiers = append(verifiers, v)
	}
	n, err := note.Open([]byte(checkpoint), note.VerifierList(verifiers...))
	var unknown *note.UnverifiedNoteError
	if errors.As(err, &unknown) {
		return h, errors.New("the checkpoint is not signed with the key of this record")
	}
	if err != nil {
		return h, fmt.Errorf("the checkpoint's signature is wrong: %w", err)
	}
	return parseHead(n.Text)
}

// PeekHead reads a checkpoint of our own, without asking whose signature it carries.
func PeekHead(checkpoint string) (Head, error) { return parseHead(checkpoint) }

func parseHead(text string) (h Head, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] == "" {
		return h, errors.New("the checkpoint is cut off")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return h, fmt.Errorf("the checkpoint's size is %.40q", lines[1])
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != len(h.Root) {
		return h, fmt.Errorf("the checkpoint's root is %.60q", lines[2])
	}
	return Head{Origin: lines[0], Size: size, Root: Hash(root)}, nil
}
