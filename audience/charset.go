package audience

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decoded answers a file as UTF-8, whatever program saved it: UTF-8 with or without a byte order mark, UTF-16 with or without one, or
// Windows-1252, which spreadsheets in the West still save by default and which takes any byte.
func decoded(in io.Reader) io.Reader {
	file := bufio.NewReaderSize(in, 64<<10)
	start, _ := file.Peek(4 << 10) // an error comes again when it is read
	switch {
	case bytes.HasPrefix(start, []byte("\xef\xbb\xbf")):
		file.Discard(3)
		return file
	case bytes.HasPrefix(start, []byte("\xff\xfe")):
		return utf16(file, unicode.LittleEndian, unicode.ExpectBOM)
	case bytes.HasPrefix(start, []byte("\xfe\xff")):
		return utf16(file, unicode.BigEndian, unicode.ExpectBOM)
	case zeros(start, 1) > len(start)/5:
		return utf16(file, unicode.LittleEndian, unicode.IgnoreBOM)
	case zeros(start, 0) > len(start)/5:
		return utf16(file, unicode.BigEndian, unicode.IgnoreBOM)
	}
	return &undecided{file: file}
}

func utf16(file io.Reader, order unicode.Endianness, mark unicode.BOMPolicy) io.Reader {
	return unicode.UTF16(order, mark).NewDecoder().Reader(file)
}

// zeros counts the zero bytes at every second place: delimiters, digits and line ends are ASCII in every table, and each has one in UTF-16.
func zeros(start []byte, from int) (n int) {
	for i := from; i < len(start); i += 2 {
		if start[i] == 0 {
			n++
		}
	}
	return n
}

// undecided passes ASCII through, which is the same in both, and decides between UTF-8 and Windows-1252 at the first byte that is not, by
// all it can see from there. An umlaut may come only in the ten-thousandth name.
type undecided struct {
	file *bufio.Reader
	then io.Reader
}

func (u *undecided) Read(p []byte) (int, error) {
	if u.then != nil {
		return u.then.Read(p)
	}
	window, err := u.file.Peek(u.file.Size())
	plain := bytes.IndexFunc(window, func(r rune) bool { return r >= utf8.RuneSelf })
	if plain < 0 {
		plain = len(window)
	}
	if len(window) == 0 {
		return 0, err
	}
	if plain > 0 {
		n := copy(p, window[:plain])
		u.file.Discard(n)
		return n, nil
	}
	u.then = u.file
	if !utf8.Valid(uncut(window)) {
		u.then = charmap.Windows1252.NewDecoder().Reader(u.file)
	}
	return u.then.Read(p)
}

// uncut leaves out a character that the end of the window cuts in two.
func uncut(window []byte) []byte {
	for back := 1; back < utf8.UTFMax && back < len(window); back++ {
		if tail := window[len(window)-back:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return window[:len(window)-back]
			}
			break
		}
	}
	return window
}
