package main

import (
	"bufio"
	"fmt"
	"net"
	"strconv"
)

// A conn is one SMTP session; buf is what goes out with the next write.
type conn struct {
	net  net.Conn
	r    *bufio.Reader
	buf  []byte
	body string
}

// expect reads a reply to its last line.
func (c *conn) expect(codes ...string) error {
	for _, code := range codes {
		for last := false; !last; {
			l, err := c.r.ReadSlice('\n')
			if err != nil {
				return err
			}
			if len(l) < 4 || string(l[:3]) != code {
				return fmt.Errorf("got %q, want %s", l, code)
			}
			last = l[3] == ' '
		}
	}
	return nil
}

// send writes what is gathered and reads these replies.
func (c *conn) send(codes ...string) error {
	if len(c.buf) > 0 {
		if _, err := c.net.Write(c.buf); err != nil {
			return err
		}
		c.buf = c.buf[:0]
	}
	return c.expect(codes...)
}

func (c *conn) envelope(id int64) {
	c.buf = fmt.Appendf(c.buf, "MAIL FROM:<status@push.invalid>\r\nRCPT TO:<user%d@example.invalid>\r\nDATA\r\n", id)
}

// oneByOne is an envelope with a round trip for each command.
func (c *conn) oneByOne(id int64) error {
	for _, step := range [][2]string{
		{"MAIL FROM:<status@push.invalid>", "250"},
		{fmt.Sprintf("RCPT TO:<user%d@example.invalid>", id), "250"},
		{"DATA", "354"},
	} {
		c.buf = append(append(c.buf, step[0]...), "\r\n"...)
		if err := c.send(step[1]); err != nil {
			return err
		}
	}
	return nil
}

func (c *conn) message(id int64) {
	c.buf = append(c.buf, "From: Status <status@push.invalid>\r\nTo: user"...)
	c.buf = strconv.AppendInt(c.buf, id, 10)
	c.buf = append(c.buf, "@example.invalid\r\nSubject: Outage update for customer "...)
	c.buf = strconv.AppendInt(c.buf, id, 10)
	c.buf = append(c.buf, "\r\nMessage-ID: <"...)
	c.buf = strconv.AppendInt(c.buf, id, 10)
	c.buf = append(c.buf, "@push.invalid>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nDear customer "...)
	c.buf = strconv.AppendInt(c.buf, id, 10)
	c.buf = append(c.buf, ",\r\n"...)
	c.buf = append(c.buf, c.body...)
	c.buf = append(c.buf, ".\r\n"...)
}
