package reach

import (
	"bytes"
	"encoding/base64"
	"mime"
	"regexp"
	"strings"
)

// The readers of net/mail and mime/multipart refuse a mail for its first fault: a header without a colon, a boundary that never ends, a
// letter that is no base64. Mail that came back is often cut and rewritten on its way, so this one takes what it can and never refuses.

const (
	mostDepth  = 8
	mostParts  = 100 // of one part
	mostFields = 1000
)

// A mailPart is a mail or one part of it.
type mailPart struct {
	header mailHeader
	kind   string // "text/plain", lower case
	param  map[string]string
	body   []byte // as it came
	parts  []*mailPart
	nested *mailPart // of message/rfc822
}

// mailHeader is by lower-case name, unfolded.
type mailHeader map[string][]string

func (h mailHeader) first(name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// text is a field with its encoded words read.
func (h mailHeader) text(name string) string { return decodeHeader(h.first(name)) }

func openMail(raw []byte, depth int) *mailPart {
	p := &mailPart{}
	p.header, p.body = readHeader(raw)
	p.kind, p.param = contentType(p.header.first("content-type"))
	if depth >= mostDepth {
		return p
	}
	switch {
	case strings.HasPrefix(p.kind, "multipart/"):
		for _, piece := range p.split() {
			p.parts = append(p.parts, openMail(piece, depth+1))
		}
		if len(p.parts) == 0 { // it says so and is none
			p.kind = "text/plain"
		}
	case p.kind == "message/rfc822" || p.kind == "message/global" || p.kind == "message/rfc2822":
		p.nested = openMail(bytes.TrimLeft(p.decoded(), "\r\n"), depth+1)
	}
	return p
}

// readHeader reads fields up to the first empty line. What is no field is skipped; a text that begins with none has no header at all.
func readHeader(raw []byte) (h mailHeader, body []byte) {
	h = mailHeader{}
	rest, last, count := raw, "", 0
	for len(rest) > 0 {
		line, after := cutLine(rest)
		if len(bytes.TrimSpace(line)) == 0 {
			return h, after
		}
		name, value, ok := fieldOf(line)
		switch {
		case (line[0] == ' ' || line[0] == '\t') && last != "":
			v := h[last]
			v[len(v)-1] = joinFolded(v[len(v)-1], string(bytes.TrimSpace(line)))
		case ok && count < mostFields:
			count++
			last = name
			h[name] = append(h[name], value)
		case count == 0 && !bytes.HasPrefix(line, []byte("From ")) && !bytes.HasPrefix(line, []byte(">From ")):
			return h, raw
		}
		rest = after
	}
	return h, nil
}

// joinFolded bounds a field: joining a hundred thousand lines one by one would take quadratic time.
func joinFolded(have, more string) string {
	if len(have) > 16<<10 {
		return have
	}
	return have + " " + more
}

func fieldOf(line []byte) (name, value string, ok bool) {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 || colon > 80 {
		return "", "", false
	}
	for _, c := range bytes.TrimRight(line[:colon], " \t") {
		if c <= ' ' || c >= 0x7f {
			return "", "", false
		}
	}
	return strings.ToLower(string(bytes.TrimRight(line[:colon], " \t"))), string(bytes.TrimSpace(line[colon+1:])), true
}

// cutLine splits after the first line, whatever ends it.
func cutLine(b []byte) (line, rest []byte) {
	end := bytes.IndexAny(b[:min(len(b), 4096)], "\r\n")
	if end < 0 {
		if end = bytes.IndexByte(b, '\n'); end < 0 {
			return b, nil
		}
	}
	line, rest = b[:end], b[end+1:]
	if b[end] == '\r' && len(rest) > 0 && rest[0] == '\n' {
		rest = rest[1:]
	}
	return line, rest
}

var paramForm = regexp.MustCompile(`(?i);\s*([a-z0-9*_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))`)

func contentType(field string) (kind string, param map[string]string) {
	kind, _, _ = strings.Cut(field, ";")
	kind, _, _ = strings.Cut(strings.TrimSpace(kind), " ")
	kind = strings.ToLower(kind)
	if !strings.Contains(kind, "/") {
		kind = "text/plain"
	}
	param = map[string]string{}
	for _, m := range paramForm.FindAllStringSubmatch(field, 20) {
		value := strings.TrimSpace(m[3])
		if value == "" {
			value = strings.ReplaceAll(m[2], `\`, "")
		}
		param[strings.ToLower(strings.TrimRight(m[1], "*0"))] = value
	}
	return kind, param
}

// split cuts a multipart at its boundary, or at what looks like one if it names none.
func (p *mailPart) split() (pieces [][]byte) {
	mark := p.param["boundary"]
	if mark == "" {
		mark = guessBoundary(p.body)
	}
	if mark == "" {
		return nil
	}
	mark = "--" + mark
	rest, start, at := p.body, -1, 0
	for len(rest) > 0 && len(pieces) < mostParts {
		line, after := cutLine(rest)
		tail, ok := bytes.CutPrefix(line, []byte(mark))
		tail = bytes.TrimSpace(tail)
		if ok && (len(tail) == 0 || string(tail) == "--") {
			if start >= 0 {
				pieces = append(pieces, p.body[start:at])
			}
			start = len(p.body) - len(after)
			if len(tail) > 0 {
				return pieces
			}
		}
		at = len(p.body) - len(after)
		rest = after
	}
	if start >= 0 && start < len(p.body) && len(pieces) < mostParts { // cut before its end
		pieces = append(pieces, p.body[start:])
	}
	return pieces
}

func guessBoundary(body []byte) string {
	for range 50 {
		line, rest := cutLine(body)
		if name, ok := strings.CutPrefix(string(bytes.TrimSpace(line)), "--"); ok && len(name) > 4 && !strings.ContainsAny(name, " \t") && strings.Trim(name, "-") != "" {
			next, _ := cutLine(rest)
			if f, _, ok := fieldOf(next); ok && strings.HasPrefix(f, "content-") {
				return name
			}
		}
		if body = rest; len(body) == 0 {
			break
		}
	}
	return ""
}

// decoded undoes the transfer encoding, as far as it holds.
func (p *mailPart) decoded() []byte {
	switch how, _, _ := strings.Cut(strings.ToLower(p.header.first("content-transfer-encoding")), ";"); strings.TrimSpace(how) {
	case "base64":
		return unbase64(p.body)
	case "quoted-printable":
		return unquote(p.body)
	}
	return p.body
}

func unbase64(b []byte) []byte {
	clean := make([]byte, 0, len(b))
	for _, c := range b {
		if c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' {
			clean = append(clean, c)
		} else if c == '=' {
			break // what follows is a footer that somebody added
		}
	}
	clean = clean[:len(clean)/4*4+len(clean)%4]
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, _ := base64.RawStdEncoding.Decode(out, clean)
	return out[:n]
}

func unquote(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '=' {
			out = append(out, b[i])
			continue
		}
		if i+2 < len(b) && hexDigit(b[i+1]) >= 0 && hexDigit(b[i+2]) >= 0 {
			out = append(out, byte(hexDigit(b[i+1])<<4|hexDigit(b[i+2])))
			i += 2
			continue
		}
		line, rest := cutLine(b[i+1:])
		if len(bytes.TrimSpace(line)) == 0 { // a soft line end
			i = len(b) - len(rest) - 1
			continue
		}
		out = append(out, '=')
	}
	return out
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

var wordDecoder = mime.WordDecoder{CharsetReader: charsetReader}

func decodeHeader(s string) string {
	s = cutText(s, 16<<10)
	if !strings.Contains(s, "=?") {
		return toUTF8([]byte(s), "")
	}
	out, err := wordDecoder.DecodeHeader(s)
	if err != nil {
		return toUTF8([]byte(s), "")
	}
	return strings.ToValidUTF8(out, "\uFFFD")
}
